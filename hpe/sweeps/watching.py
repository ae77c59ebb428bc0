"""A sweep from its first job's submission to its last one's end."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import submitit

from hpe.sweeps.attempts import Attempt
from hpe.sweeps.board import Board
from hpe.sweeps.clusters import Handle, Standing, standings
from hpe.sweeps.failures import last_words
from hpe.sweeps.job import Job
from hpe.sweeps.ledger import write_ledger

# Seconds between two looks: SLURM's controller is others' too.
SHORTEST, LONGEST = 1.0, 15.0
# Looks after which a run without a record has failed: files of other machines show up late.
PATIENCE = 3
TO_SUBMIT = ("run", "rerun", "continue")

Submit = Callable[[Sequence[Job]], list[Handle]]

_log = logging.getLogger(__name__)


class Watch:
    """Submits the `jobs` that are to be run, `at_once` of them, keeps their state in the sweep's `folder`, shows it."""

    def __init__(self, jobs: Sequence[Job], submit: Submit, at_once: int, folder: Path) -> None:
        self.jobs, self.submit, self.at_once, self.folder = jobs, submit, at_once, folder
        self.looks_without_record: dict[int, int] = {}

    def to_the_end(self) -> None:
        """Returns when every job has ended. Raises KeyboardInterrupt, which says what becomes of them, on Ctrl-C."""
        started = time.monotonic()
        for job in self.jobs:
            job.state = "done" if job.action == "skip" and job.finished else job.state
        with Board(self.jobs) as board:
            try:
                while self._step():
                    board.show()
                    time.sleep(min(LONGEST, max(SHORTEST, (time.monotonic() - started) / 20)))
                board.show()
            except KeyboardInterrupt:
                raise KeyboardInterrupt(self._leave()) from None
            finally:
                write_ledger(self.folder, self.jobs)

    def _step(self) -> bool:
        """Submit what there is room for, and look at the rest; whether anything is left to wait for."""
        waiting = [job for job in self.jobs if job.state == "waiting" and job.action in TO_SUBMIT]
        if chosen := waiting[: max(0, self.at_once - len(self._open()))]:
            self._start(chosen)
        self._look()
        if self._open() or len(waiting) > len(chosen):
            return True
        for twin in self.jobs:
            if twin.state == "waiting":
                twin.state = "done" if twin.finished else "failed"
        return False

    def _open(self) -> list[Job]:
        return [job for job in self.jobs if job.handle is not None and job.state not in ("done", "failed")]

    def _start(self, jobs: Sequence[Job]) -> None:
        for job, handle in zip(jobs, self.submit(jobs), strict=True):
            job.handle, job.state = handle, "pending"
            job.identity.write(job.run)
            _attempt(handle).write(job.run)
        write_ledger(self.folder, self.jobs)

    def _look(self) -> None:
        before = [job.state for job in self.jobs]
        found = standings([job.handle for job in self._open() if job.handle is not None])
        for job in self._open():
            assert job.handle is not None
            if standing := found.get(job.handle.job_id):
                self._judge(job, job.handle, standing)
        if before != [job.state for job in self.jobs]:
            write_ledger(self.folder, self.jobs)

    def _judge(self, job: Job, handle: Handle, standing: Standing) -> None:
        if standing != "ended":
            job.state = standing
            return
        looks = self.looks_without_record[job.number] = self.looks_without_record.get(job.number, 0) + 1
        if not job.finished and looks < PATIENCE:
            return
        job.state = "done" if job.finished else "failed"
        job.said = [] if job.finished else last_words(handle)
        _attempt(handle, ended=True, said=job.said).write(job.run)

    def _leave(self) -> str:
        """End local jobs, leave SLURM's to it; says so."""
        handles = [job.handle for job in self._open() if job.handle is not None]
        local = [handle for handle in handles if isinstance(handle, submitit.LocalJob)]
        for handle in local:
            handle.cancel()
        while any(standing != "ended" for standing in standings(local).values()):
            time.sleep(SHORTEST)
        slurm = sorted({handle.job_id.partition("_")[0] for handle in handles if handle not in local})
        going_on = f"jobs {' '.join(slurm)} go on (scancel ends them); " if slurm else ""
        return f"{going_on}the same command with resume=true does the rest"


def _attempt(handle: Handle, ended: bool = False, said: Sequence[str] = ()) -> Attempt:
    cluster = "local" if isinstance(handle, submitit.LocalJob) else "slurm"
    # The folder of a job is made of one of all jobs by its id.
    return Attempt(cluster, handle.job_id, handle.num_tasks, str(handle.paths._folder), ended=ended, said=list(said))
