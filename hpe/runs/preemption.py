"""A run that leaves before its time is up, and goes on at the very next step.

SLURM warns a job by a signal some time before it ends it: USR1 or USR2 before the time limit, as `sbatch --signal` says
(submitit: USR2), TERM at a preemption, `scontrol requeue` or `scancel`.
"""

import logging
import signal
from pathlib import Path
from types import FrameType
from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback
from submitit.core.job_environment import SignalHandler

from hpe.errors import Preempted
from hpe.runs.norm_statistics import share_statistics

TIME_LIMIT = (signal.SIGUSR1, signal.SIGUSR2)
WARNINGS = (*TIME_LIMIT, signal.SIGTERM)

_log = logging.getLogger(__name__)


class HeedPreemption(Callback):
    """Saves the checkpoint `last` at the first chance after a warning, and leaves.

    Chances are steps that moved the weights, batches of a validation, which is begun anew then, and ends of epochs,
    where the checkpoint is there already. A handler of submitit's for USR1 or USR2 is called for these in the end: it
    puts the job back into the queue. Several processes of a run leave together.
    """

    def __init__(self, last: Path) -> None:
        self.last = last
        self.heard: set[int] = set()
        self.saved = False
        self.before: dict[int, Any] = {}

    def setup(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Called by Lightning."""
        self.before = {number: signal.getsignal(number) for number in WARNINGS}
        self._listen()

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning, which has put handlers of its own in place since `setup`."""
        self._listen()
        self._leave_if_warned(trainer)

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning; the checkpoint of the last epoch is there."""
        self._leave_if_warned(trainer)

    def on_train_batch_start(self, trainer: lightning.Trainer, *arguments: Any) -> None:
        """Called by Lightning, which has logged the last step by now."""
        if self.saved:
            self._leave(trainer)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Called by Lightning; what follows the last batch of an epoch has chances of its own."""
        moved = (batch_idx + 1) % trainer.accumulate_grad_batches == 0
        if moved and not trainer.is_last_batch and self._warned(trainer):
            self._save(trainer)

    def on_validation_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning."""
        if not trainer.sanity_checking and self._warned(trainer):
            self._save_to_validate(trainer)
            self._leave(trainer)

    def on_validation_batch_start(self, trainer: lightning.Trainer, *arguments: Any) -> None:
        """Called by Lightning; processes need not have equally many batches, so that only one alone may leave."""
        if trainer.world_size == 1:
            self.on_validation_start(trainer, trainer.lightning_module)

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning; what is left to do may take longer than there is time."""
        self._leave_if_warned(trainer)

    def on_exception(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, exception: BaseException
    ) -> None:
        """Called by Lightning."""
        self.teardown(trainer, pl_module, "fit")

    def teardown(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Called by Lightning."""
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _listen(self) -> None:
        for number in WARNINGS:
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.heard.add(number)

    def _warned(self, trainer: lightning.Trainer, warnings: tuple[int, ...] = WARNINGS) -> bool:
        """Whether any process was, which all learn at once."""
        heard = not self.heard.isdisjoint(warnings)
        return trainer.strategy.reduce_boolean_decision(heard, all=False)

    def _save(self, trainer: lightning.Trainer) -> None:
        share_statistics(trainer, trainer.lightning_module)
        trainer.save_checkpoint(self.last)
        self.saved = True

    def _save_to_validate(self, trainer: lightning.Trainer) -> None:
        """Save as if the first batch of the validation had failed; Lightning would skip what it finds done."""
        progress = trainer.fit_loop.epoch_loop.val_loop.batch_progress
        progress.reset()
        progress.increment_ready()
        progress.increment_started()
        self._save(trainer)

    def _leave_if_warned(self, trainer: lightning.Trainer) -> None:
        if self._warned(trainer):
            self._leave(trainer)

    def _leave(self, trainer: lightning.Trainer) -> None:
        """Requeue the job if that is submitit's to do, which ends the first process, and end all."""
        _log.info("  preempted at step %d, to go on from there", trainer.global_step)
        requeue = next((handler for handler in self.before.values() if requeues(handler)), None)
        try:
            if self._warned(trainer, TIME_LIMIT) and requeue:
                requeue(signal.SIGUSR2, None)
        finally:
            trainer.strategy.barrier("preempted")
        raise Preempted


def requeues(handler: Any) -> bool:
    """Whether a handler of signals is submitit's that puts the job back into the queue."""
    return isinstance(getattr(handler, "__self__", None), SignalHandler) and "requeue" in handler.__name__
