"""The end of a sweep: one table over its runs, mean and spread over seeds."""

from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig

from hpe.runs.records import find
from hpe.runs.table import sweep_table

FILE_NAME = "sweep.csv"


class SweepTable(Callback):
    """Prints the table of a multirun and writes it beside its runs."""

    def on_multirun_end(self, config: DictConfig, **kwargs: Any) -> None:
        """Called by Hydra once every job has ended."""
        folder = Path(config.hydra.sweep.dir)
        records = list(find(folder).values())
        if records:
            sweep_table(records).to_csv(folder / FILE_NAME)
            print(f"written to {folder / FILE_NAME}")
