"""What may befall jobs of SLURM's, dealt out while a sweep runs."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from slurm_cluster import said

from hpe.runs.progress import FILE_NAME, Progress
from hpe.sweeps.ledger import read_ledger


@dataclass(frozen=True)
class Blow:
    """What befalls job `number` of an array, `seconds` after an attempt at it has done so many `epochs`, or started."""

    number: int
    kind: Literal["warn", "requeue", "kill"]
    epochs: int
    seconds: float


class Attempt(NamedTuple):
    """A job that runs, for the first time or again: `number` of an array. `job` is its id for who knows of no array."""

    array: str
    number: int
    job: str
    restarts: int


@dataclass
class Fate:
    """Deals `blows` to the jobs of the sweep in a folder, each job's in their order, one an attempt."""

    blows: list[Blow]
    config: Path
    sweep: Path
    seen: dict[Attempt, float] = field(default_factory=dict)
    struck: set[Attempt] = field(default_factory=set)

    def take_its_course(self, over: Callable[[], bool]) -> None:
        """Returns once all blows have been dealt out, or the sweep is `over`."""
        while self.blows and not over():
            for attempt in _running(self.config):
                since = self.seen.setdefault(attempt, time.time())
                blow = next((blow for blow in self.blows if blow.number == attempt.number), None)
                if blow and attempt not in self.struck and self._has_done(blow, since):
                    time.sleep(blow.seconds)
                    _strike(self.config, attempt, blow.kind)
                    self.struck.add(attempt)
                    self.blows.remove(blow)
            time.sleep(0.05)

    def _has_done(self, blow: Blow, since: float) -> bool:
        if blow.epochs == 0:
            return True
        (run,) = (Path(job["run"]) for job in read_ledger(self.sweep) or [] if job["number"] == blow.number)
        progress = Progress.read(run)
        return progress is not None and progress.epoch >= blow.epochs and (run / FILE_NAME).stat().st_mtime > since


def _running(config: Path) -> list[Attempt]:
    columns = "--Format=ArrayJobID:9,ArrayTaskID:9,JobID:9,RestartCnt:9"
    rows = said(config, "squeue", "--noheader", "--array", "--states=RUNNING", columns).splitlines()
    return [Attempt(array, int(number), job, int(count)) for array, number, job, count in map(str.split, rows)]


def _strike(config: Path, attempt: Attempt, kind: str) -> None:
    job = f"{attempt.array}_{attempt.number}"
    if kind == "warn":
        said(config, "scancel", "--signal=USR1", job)
    elif kind == "requeue":
        said(config, "scontrol", "requeue", job)
    else:
        while not (processes := _step(config, attempt.job)):
            time.sleep(0.05)
        for process in processes:
            os.kill(process, signal.SIGKILL)


def _step(config: Path, job: str) -> Sequence[int]:
    """The processes of a job's step, which it has as soon as its script has started it."""
    rows = [row.split() for row in said(config, "scontrol", "listpids", job).splitlines()[1:]]
    return [int(process) for process, _, step, *_ in rows if step == "0"]
