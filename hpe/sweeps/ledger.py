"""The jobs of a sweep as its folder keeps them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hpe.errors import UserError
from hpe.files.whole import write_whole
from hpe.sweeps.job import Job

FILE_NAME = "jobs.json"


def write_ledger(folder: Path, jobs: Sequence[Job]) -> None:
    """Write `jobs.json` into a sweep's folder, whole or not at all; jobs of other numbers in it stay."""
    numbers = {job.number for job in jobs}
    others = [one for one in read_ledger(folder) or [] if one["number"] not in numbers]
    entries = sorted([*others, *(job.plain() for job in jobs)], key=lambda one: one["number"])
    write_whole(folder / FILE_NAME, json.dumps(entries, indent=2) + "\n")


def read_ledger(folder: Path) -> list[dict[str, Any]] | None:
    """What `write_ledger` has written; None where it never did. Raises UserError for a file that is none."""
    path = folder / FILE_NAME
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error}); choose another hydra.sweep.dir") from None
