"""Running statistics of batch norms, where several processes train one system."""

import lightning
from lightning.pytorch.callbacks import Callback
from timm.utils import distribute_bn
from torch.nn.parallel import DistributedDataParallel


class ShareStatistics(Callback):
    """Each process keeps statistics of its own people while it trains; validated and saved is the mean of all.

    Otherwise PyTorch would send those of the first process, and with them all that a body is made of, to the others
    before every batch, and what the others saw would be lost.
    """

    def on_fit_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning, once the system is wrapped."""
        if isinstance(trainer.strategy.model, DistributedDataParallel):
            trainer.strategy.model.broadcast_buffers = False

    def on_validation_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning."""
        share_statistics(trainer, pl_module)

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Called by Lightning, before a checkpoint is saved; not every epoch is validated."""
        share_statistics(trainer, pl_module)


def share_statistics(trainer: lightning.Trainer, module: lightning.LightningModule) -> None:
    """Give all processes the mean of their running statistics; to be called by all."""
    if trainer.world_size > 1:
        distribute_bn(module, trainer.world_size, reduce=True)
