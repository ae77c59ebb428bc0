"""Jobs of sweeps as tests need them, without anything being run."""

from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from hpe.runs.identity import Identity
from hpe.runs.progress import Progress
from hpe.sweeps.job import Action, Job

IDENTITY = Identity("settings", {"synthetic": "recipe"}, "code")


def job(run: Path, number: int = 0, action: Action = "run", **more: Any) -> Job:
    return Job(number, [f"seed={number}", "model=hmr"], DictConfig({}), run, IDENTITY, action, "never run", **more)


def finish(run: Path, best: float = 80.0) -> None:
    """As a run that has ended leaves its folder."""
    Progress("evaluating", 2, 2, 8, best).write(run)
    (run / "summary.json").write_text("{}")


def interrupt(run: Path, epoch: int = 3) -> None:
    """As a run that was killed leaves it."""
    Progress("training", epoch, 7, 12, 90.0).write(run)
    (run / "checkpoints").mkdir()
    (run / "checkpoints/last.ckpt").touch()
