"""What is shown of a sweep while it runs: a live table on a terminal, elsewhere a line a change."""

import sys
from collections.abc import Sequence
from types import TracebackType

from rich.live import Live
from rich.markup import escape
from rich.table import Table

from hpe.sweeps.grid import labels
from hpe.sweeps.job import Job


class Board:
    """Shows jobs by what tells them apart: state, epoch, best validation MPJPE, and why one failed."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs, self.labels = jobs, labels([job.overrides for job in jobs])
        self.told: dict[int, str] = {}
        self.live = Live(get_renderable=self.table, refresh_per_second=1) if sys.stdout.isatty() else None

    def __enter__(self) -> "Board":
        if self.live:
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live:
            self.live.stop()

    def show(self) -> None:
        """Show how things stand, or what has changed since the last time."""
        if self.live:
            self.live.refresh()
            return
        for job, label in zip(self.jobs, self.labels, strict=True):
            line = f"#{job.number} {label}: {', '.join(word for word in _words(job) if word)}"
            if self.told.get(job.number) != line:
                self.told[job.number] = line
                print(line, flush=True)

    def table(self) -> Table:
        """A row a job."""
        table = Table("#", "run", "state", "epoch", "best MPJPE, mm", "last words")
        for job, label in zip(self.jobs, self.labels, strict=True):
            table.add_row(str(job.number), escape(label), *map(escape, _words(job, short=True)))
        return table


def _words(job: Job, short: bool = False) -> tuple[str, str, str, str]:
    """State, epoch, best MPJPE and last words; `short` where the columns say which is which."""
    progress = job.progress
    state: str = "skipped" if job.action == "skip" and job.state == "done" else job.state
    if state == "running" and progress and progress.state == "evaluating":
        state = "evaluating"
    epoch = "" if progress is None else f"{progress.epoch}/{progress.epochs or '?'}"
    best = "" if progress is None or progress.best is None else f"{progress.best:.1f}"
    said = job.said[-1] if job.said else ""
    if short:
        return state, epoch, best, said
    return state, f"epoch {epoch}" if epoch else "", f"best MPJPE {best}" if best else "", said
