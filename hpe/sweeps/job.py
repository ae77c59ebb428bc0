"""One job of a sweep: what it runs, what is to be done about it, and how far it is."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import submitit
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig

from hpe.runs.identity import Identity
from hpe.runs.progress import Progress
from hpe.runs.records import FILE_NAME as RECORD

Action = Literal["skip", "watch", "continue", "rerun", "run"]
State = Literal["waiting", "pending", "running", "done", "failed"]


@dataclass
class Job:
    """A run of the folder `run`; `action` is what is to be done, and `reason` why.

    `handle` is what submitit knows it by, `said` the last lines of one that failed.
    """

    number: int
    overrides: list[str]
    config: DictConfig
    run: Path
    identity: Identity
    action: Action
    reason: str
    state: State = "waiting"
    handle: submitit.Job[Any] | None = None
    said: list[str] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether its run is: the record is written last of all."""
        return (self.run / RECORD).is_file()

    @property
    def progress(self) -> Progress | None:
        """How far its run has come; None where it has not begun."""
        return Progress.read(self.run)

    def returned(self) -> JobReturn:
        """What a sweeper is told: the best validation MPJPE in mm of a finished run, NaN of any other."""
        best = self.progress.best if self.finished and self.progress else None
        value = math.nan if best is None else best
        return JobReturn(overrides=self.overrides, status=JobStatus.COMPLETED, _return_value=value)

    def plain(self) -> dict[str, Any]:
        """What is kept of it in JSON."""
        names = ("number", "overrides", "action", "reason", "state", "said")
        handle = None if self.handle is None else self.handle.job_id
        return {name: getattr(self, name) for name in names} | {"run": str(self.run), "job": handle}
