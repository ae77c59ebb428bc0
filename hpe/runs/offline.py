"""Weights & Biases runs that were kept offline, and how they get to the server: by wandb's own command."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hpe.errors import UserError
from hpe.runs.records import FILE_NAME
from hpe.runs.wandb_key import has_key, server

PATIENCE = 10.0  # seconds


@dataclass(frozen=True)
class OfflineRun:
    """One start of a run as W&B keeps it: a run that was resumed has several, which become one on the server."""

    file: Path

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self.file.parents[2]

    @property
    def synced(self) -> bool:
        """Whether the server has it, by the mark that W&B leaves."""
        return self.file.with_name(f"{self.file.name}.synced").exists()

    @property
    def finished(self) -> bool:
        """Whether its run has ended; what is written after a file was synced would never get to the server."""
        return (self.folder / FILE_NAME).is_file()


def find_offline(root: Path) -> list[OfflineRun]:
    """All offline runs under a folder, oldest first in each run folder. Raises UserError for a missing folder."""
    if not root.is_dir():
        raise UserError(f"no folder {root} to look for runs in; runs are kept under outputs/")
    return [OfflineRun(path) for path in sorted(root.rglob("wandb/offline-run-*/*.wandb"))]


def sync(runs: Sequence[OfflineRun]) -> list[OfflineRun]:
    """Bring `runs` to the server; returns those that did not get there. wandb prints how far it is.

    Raises UserError where wandb is not installed or has no key, or its server does not answer.
    """
    if find_spec("wandb") is None:
        raise UserError("Weights & Biases is not installed: pip install wandb")
    if not has_key():
        raise UserError("no key for Weights & Biases: run wandb login, or set WANDB_API_KEY")
    check_server()
    subprocess.run([sys.executable, "-m", "wandb", "sync", *(str(run.file.parent) for run in runs)], check=False)
    return [run for run in runs if not run.synced]


def check_server() -> None:
    """Raise UserError where the server in use does not answer: wandb itself would go on asking."""
    try:
        urllib.request.urlopen(server(), timeout=PATIENCE).close()
    except urllib.error.HTTPError:
        return  # an answer, whatever it says
    except OSError as error:
        reason = getattr(error, "reason", error)
        raise UserError(f"{server()} does not answer ({reason}): sync where it can be reached") from None
