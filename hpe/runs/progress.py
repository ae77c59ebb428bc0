"""How far a run has come, in a file that whoever watches it can read at any time."""

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import lightning
from lightning.pytorch.callbacks import Callback

from hpe.estimator import OBJECTIVE
from hpe.files.whole import write_whole

FILE_NAME = "progress.json"
SECONDS_BETWEEN = 5.0

State = Literal["training", "evaluating"]


@dataclass(frozen=True)
class Progress:
    """Epochs done of `epochs` (None: no number of them), optimiser steps, the best validation MPJPE in mm so far."""

    state: State
    epoch: int
    epochs: int | None
    step: int
    best: float | None

    def write(self, run: Path) -> None:
        """Write it into a run folder, whole or not at all."""
        run.mkdir(parents=True, exist_ok=True)
        write_whole(run / FILE_NAME, json.dumps(asdict(self)) + "\n")

    @classmethod
    def read(cls, run: Path) -> "Progress | None":
        """What the run in this folder has written last; None before it has, or where that is not to be read."""
        try:
            return cls(**json.loads((run / FILE_NAME).read_text()))
        except (OSError, ValueError, TypeError):
            return None


class ReportProgress(Callback):
    """Writes `progress.json` from the first process: each epoch, and every few seconds between."""

    def __init__(self, run: Path) -> None:
        self.run, self.best, self.written = run, math.inf, -math.inf

    def state_dict(self) -> dict[str, Any]:
        """Goes into checkpoints, so that a run that goes on knows its best."""
        return {"best": self.best}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Comes from a checkpoint."""
        self.best = state_dict["best"]

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning."""
        self._write(trainer, "training", trainer.current_epoch)

    def on_train_batch_end(self, trainer: lightning.Trainer, *arguments: Any) -> None:
        """Called by Lightning."""
        if time.monotonic() - self.written > SECONDS_BETWEEN:
            self._write(trainer, "training", trainer.current_epoch)

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning, after validation."""
        seen = trainer.callback_metrics.get(OBJECTIVE)
        self.best = self.best if seen is None else min(self.best, float(seen))
        self._write(trainer, "training", trainer.current_epoch + 1)

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning."""
        self._write(trainer, "evaluating", trainer.current_epoch)

    def _write(self, trainer: lightning.Trainer, state: State, epoch: int) -> None:
        if not trainer.is_global_zero:
            return
        self.written = time.monotonic()
        # A run of so many steps has no number of epochs.
        epochs = trainer.max_epochs if trainer.max_epochs and trainer.max_epochs > 0 else None
        best = self.best if math.isfinite(self.best) else None
        Progress(state, epoch, epochs, trainer.global_step, best).write(self.run)
