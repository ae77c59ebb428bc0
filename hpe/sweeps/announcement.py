"""What a sweep is about to do: its grid, what becomes of each run and why, and how long it will take."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from omegaconf import OmegaConf
from rich import print as show
from rich.markup import escape
from rich.table import Table

from hpe.sweeps.forecast import forecasts, span
from hpe.sweeps.grid import labels
from hpe.sweeps.job import Job

IDLE = ("skip", "watch")


def announce(jobs: Sequence[Job], outputs: Path, hardware: str | None, at_once: int) -> None:
    """Print the grid and the forecast; on each known hardware where `hardware` is None."""
    table = Table("#", "run", "what", "why")
    table.add_column("folder", overflow="fold")
    for job, label in zip(jobs, labels([job.overrides for job in jobs]), strict=True):
        table.add_row(str(job.number), escape(label), job.action, escape(job.reason), escape(job.run.name))
    show(table)
    counts = Counter(job.action for job in jobs)
    print(f"{len(jobs)} jobs: {', '.join(f'{count} {action}' for action, count in sorted(counts.items()))}")
    busy = [job for job in jobs if job.action not in IDLE]
    configs = [cast(dict[str, Any], OmegaConf.to_container(job.config)) for job in busy]
    for line in forecast_lines(configs, [job.run for job in busy], outputs, hardware, at_once):
        print(line, flush=True)


def forecast_lines(
    configs: Sequence[Mapping[str, Any]], runs: Sequence[Path], outputs: Path, hardware: str | None, at_once: int
) -> list[str]:
    """The forecast of the runs of `configs`, a line a kind of hardware."""
    if not configs:
        return ["forecast: nothing to run"]
    found = forecasts(configs, runs, outputs, hardware)
    if not found:
        return [f"forecast: none, as no run of these parts{f' on {hardware}' if hardware else ''} is under {outputs}"]
    return [f"forecast: {one}; {span(one.wall(at_once))} with {at_once} at once" for one in found]
