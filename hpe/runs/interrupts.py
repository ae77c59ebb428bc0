"""Ctrl-C that is not lost: Python drops what is raised inside a finaliser, and an interrupt is raised anywhere."""

import signal
from types import FrameType
from typing import Any, NoReturn

import lightning
from lightning.pytorch.callbacks import Callback


class HeedInterrupts(Callback):
    """Raises KeyboardInterrupt again at the next batch where the first one went unheard.

    A file object's finaliser, such as the one that ends every checkpoint's writing, swallows any exception. A
    process that was started deaf to interrupts, as shells start background jobs, stays deaf.
    """

    heard = False

    def setup(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Called by Lightning."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> NoReturn:
        self.heard = True
        signal.default_int_handler(number, frame)

    def _heed(self) -> None:
        if self.heard:
            raise KeyboardInterrupt

    def on_train_batch_start(self, *arguments: Any) -> None:
        """Called by Lightning."""
        self._heed()

    def on_validation_batch_start(self, *arguments: Any) -> None:
        """Called by Lightning."""
        self._heed()

    def teardown(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Called by Lightning."""
        if signal.getsignal(signal.SIGINT) == self._hear:
            signal.signal(signal.SIGINT, signal.default_int_handler)
