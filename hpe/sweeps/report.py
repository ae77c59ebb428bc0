"""The end of a sweep: one table a protocol, mean and spread over seeds, the jobs that failed, and the exit code."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig
from rich import print as show
from rich.markup import escape
from rich.table import Table

from hpe.errors import Carried, UserError
from hpe.runs.records import FILE_NAME, Record, find
from hpe.runs.table import sweep_table
from hpe.sweeps.grid import labels
from hpe.sweeps.ledger import read_ledger

JOBS_FAILED = 1


class SweepTable(Callback):
    """Prints the table of a multirun and writes it beside its jobs: `sweep.csv`, or one file a protocol."""

    def on_multirun_end(self, config: DictConfig, **kwargs: Any) -> None:
        """Called by Hydra once every job has ended. Exits with 1 where one of them failed."""
        folder = Path(config.hydra.sweep.dir)
        try:
            failed = conclude(folder)
        except UserError as error:
            raise Carried from error  # Hydra makes a warning of what a callback raises
        if failed:
            sys.exit(JOBS_FAILED)


def conclude(folder: Path) -> bool:
    """Print and write the tables of the sweep in `folder`; whether a job failed. Raises UserError as `find` does."""
    jobs = read_ledger(folder)
    if jobs is None:
        print_tables(list(find(folder).values()), folder)
        return False
    runs = dict.fromkeys(Path(job["run"]) for job in jobs if job["state"] == "done")
    print_tables([Record.read(run / FILE_NAME) for run in runs], folder)
    return _print_failures(jobs)


def print_tables(records: Sequence[Record], folder: Path) -> None:
    """One table a protocol, printed and written into `folder`."""
    protocols = sorted({record.card_hash for record in records})
    for protocol in protocols:
        path = folder / ("sweep.csv" if len(protocols) == 1 else f"sweep_{protocol}.csv")
        sweep_table([record for record in records if record.card_hash == protocol]).to_csv(path)
        print(f"written to {path}")


def _print_failures(jobs: Sequence[dict[str, Any]]) -> bool:
    """The jobs that failed, with their last lines; whether there are any."""
    table = Table("#", "run", "last lines", title="failed; resume=true does them again")
    for job, label in zip(jobs, labels([job["overrides"] for job in jobs]), strict=True):
        if job["state"] == "failed":
            table.add_row(str(job["number"]), escape(label), escape("\n".join(job["said"])))
    if table.row_count:
        show(table)
    return table.row_count > 0
