"""Continuing a run of so many steps from the end of an epoch."""

from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback


class BeginNextEpoch(Callback):
    """Has a run that is continued from the end of an epoch begin the next.

    Lightning does where the run is of so many epochs. One of so many steps (`max_steps`) it takes for left in the
    middle: it would end the epoch a second time, and count it twice, so that the next had the data of the one after.
    """

    def on_load_checkpoint(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Called by Lightning before it takes over the progress in the checkpoint."""
        state = checkpoint["loops"]["fit_loop"]
        epochs, batches = state["epoch_progress"], state["epoch_loop.batch_progress"]
        if trainer.max_steps == -1 or epochs["total"]["processed"] == epochs["total"]["completed"]:
            return
        for count in epochs.values():
            count["completed"] = count["processed"]
        batches |= {"current": dict.fromkeys(batches["current"], 0), "is_last_batch": False}
        # Lightning counts one more as it goes on.
        state["epoch_loop.state_dict"]["_batches_that_stepped"] -= 1
