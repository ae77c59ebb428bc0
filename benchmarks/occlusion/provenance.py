"""Where what is kept comes from, and files that appear whole or not at all."""

import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from hydra.core.hydra_config import HydraConfig

from benchmarks.occlusion.models import Model
from hpe.runs.provenance import commit, versions


def provenance(models: Sequence[Model]) -> dict[str, Any]:
    """Commit, versions, command and checkpoints of the Hydra job in hand."""
    state = HydraConfig.get()
    command = ["python", "-m", "benchmarks.occlusion", state.job.name, *state.overrides.task]
    return {
        "checkpoints": {model.name: {"path": str(model.path), "sha256": model.hash} for model in models},
        "command": shlex.join(command),
        "commit": commit(),
        "versions": versions(),
    }


def not_resumed() -> str:
    """What to say after Ctrl-C."""
    return "nothing goes on from here, start again"


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Have `write` fill a file that bears its name once it is complete."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            write(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """The same of a text."""
    write_whole(path, lambda file: file.write(text.encode()))
