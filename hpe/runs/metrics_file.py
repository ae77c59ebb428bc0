"""The numbers of a run as `metrics.csv`, which a run that is continued goes on with."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.loggers.logger import Logger
from lightning.pytorch.utilities import rank_zero_only

FILE_NAME = "metrics.csv"
ROWS_BETWEEN = 100


class MetricsFile(Logger):
    """Writes `metrics.csv` into `folder`, whole or not at all: a row for each time that numbers are logged.

    A number logged at no step has none in its row.
    """

    name = version = ""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.path = Path(folder) / FILE_NAME
        self.rows: list[dict[str, Any]] = []

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        """Called by Lightning."""
        self.rows.append({name: float(value) for name, value in metrics.items()} | {"step": step})
        if len(self.rows) % ROWS_BETWEEN == 0:
            self.save()

    def log_hyperparams(self, params: Any, *arguments: Any, **settings: Any) -> None:
        """The config of a run lies in its folder already."""

    @rank_zero_only
    def save(self) -> None:
        """Write all that was logged."""
        names = sorted(set().union(*self.rows))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f".{FILE_NAME}.part")
        with unfinished.open("w", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(self.rows)
        unfinished.replace(self.path)

    @rank_zero_only
    def go_on(self, step: int) -> None:
        """Take over from the file what was logged before `step`."""
        if self.path.is_file():
            with self.path.open(newline="") as file:
                self.rows = [row for row in csv.DictReader(file) if row["step"] and int(row["step"]) < step]


class KeepMetrics(Callback):
    """Writes what was logged before a checkpoint is, and takes it over where the run goes on from that."""

    def on_save_checkpoint(self, trainer: lightning.Trainer, *arguments: Any) -> None:
        """Called by Lightning."""
        for logger in trainer.loggers:
            logger.save()

    def on_load_checkpoint(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Called by Lightning."""
        for logger in trainer.loggers:
            if isinstance(logger, MetricsFile):
                logger.go_on(checkpoint["global_step"])
