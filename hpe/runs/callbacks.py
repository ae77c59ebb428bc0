"""What happens around training steps: repeatable randomness, counted unreadable pictures, a line an epoch."""

import logging
import time
from collections.abc import Sized
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback
from torch.utils.data import DataLoader

from hpe.datasets.skips import SkipCounter
from hpe.errors import UserError
from hpe.processes import raise_together
from hpe.types import Batch

STEPS_A_SEED = 1 << 40
RANKS_A_STEP = 1 << 12
LABELS = {
    "train/loss": "loss %.3f",
    "val/mpjpe": "val MPJPE %.1f",
    "val/pa_mpjpe": "PA-MPJPE %.1f",
    "val/pve": "PVE %.1f mm",
}

_log = logging.getLogger(__name__)


class ReseedEachStep(Callback):
    """Seeds dropout and masking by run, step and process, so that a resumed run draws what it would have drawn."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_batch_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Called by Lightning."""
        torch.manual_seed(self.seed * STEPS_A_SEED + trainer.global_step * RANKS_A_STEP + trainer.global_rank)


class CountSkipped(Callback):
    """Reports pictures that cannot be read and ends the run past one in a hundred; training and validation apart."""

    def setup(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Called by Lightning."""
        self.counters: dict[str, SkipCounter] = {}
        self.fault: UserError | None = None

    def _count(self, split: str, loader: DataLoader[Batch] | None, batch: Batch) -> None:
        assert loader is not None
        assert isinstance(loader.sampler, Sized)
        try:
            self.counters.setdefault(split, SkipCounter(len(loader.sampler))).update(batch)
        except UserError as error:
            self.fault = error

    def on_train_batch_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, batch: Batch, batch_idx: int
    ) -> None:
        """Called by Lightning."""
        self._count("train", trainer.train_dataloader, batch)
        raise_together(self.fault, pl_module.device)

    def on_validation_batch_start(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        batch: Batch,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Called by Lightning."""
        self._count("val", trainer.val_dataloaders, batch)

    def on_validation_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning; before that, one process may have had a batch more than another."""
        raise_together(self.fault, pl_module.device)


class EpochLine(Callback):
    """One line an epoch: loss, validation errors in mm, seconds."""

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning; a run that goes on in the middle of an epoch does not start it."""
        self.start = time.perf_counter()

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning."""
        self.start = time.perf_counter()

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning, after validation."""
        if not trainer.is_global_zero:
            return
        seen = {name: float(value) for name, value in trainer.callback_metrics.items()}
        words = [label % seen[name] for name, label in LABELS.items() if name in seen]
        seconds = time.perf_counter() - self.start
        # A run of so many steps has no number of epochs.
        last = f"/{trainer.max_epochs}" if trainer.max_epochs and trainer.max_epochs > 0 else ""
        _log.info("  epoch %d%s: %s, %.1f s", trainer.current_epoch + 1, last, ", ".join(words), seconds)
