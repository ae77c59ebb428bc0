"""A training that is left at any moment and continued ends in the same bits as one that was not."""

import os
import signal
from pathlib import Path

import lightning
import pytest
import torch

from hpe.datasets.augmentation import Augmentation
from hpe.datasets.module import DataModule
from hpe.datasets.sources import Source
from hpe.errors import Preempted
from hpe.runs.callbacks import ReseedEachStep
from hpe.runs.checkpoints import keepers
from hpe.runs.epoch_ends import BeginNextEpoch
from hpe.runs.folders import LAST
from hpe.runs.metrics_file import KeepMetrics, MetricsFile
from hpe.runs.preemption import HeedPreemption
from hpe.runs.whole_checkpoints import WholeCheckpoints

# Lightning on what is right for so small a network: few batches, a folder that is not empty, an unfinished epoch.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning")]

PEOPLE, BATCH, EPOCHS = 9, 2, 2
STEPS, VALIDATED = PEOPLE // BATCH, -(-PEOPLE // BATCH)
TRAINED = [("train", number) for number in range(STEPS * EPOCHS)]
VALIDATION = [("val", number) for number in range(VALIDATED * EPOCHS)]


class Network(lightning.LightningModule):
    """Forgets nothing: its weight depends on the order of samples, their augmentation, and on dropout."""

    def __init__(self, moment=None):
        super().__init__()
        self.weight, self.moment, self.validated = torch.nn.Parameter(torch.zeros(())), moment, 0

    def _warned(self, *moment):
        if self.moment == moment:
            os.kill(os.getpid(), signal.SIGUSR1)

    def training_step(self, batch, index):
        self._warned("train", self.global_step)
        loss = (self.weight - batch.image.mean() * batch.sample[0] * torch.rand(())) ** 2
        self.log("train/loss", loss)
        return loss

    def validation_step(self, batch, index):
        self._warned("val", self.current_epoch * VALIDATED + index)
        self.log("val/mpjpe", self.weight + batch.sample[0], batch_size=len(batch))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), 0.1)


@pytest.fixture
def data(make_store, tmp_path):
    for split in ("train", "val"):
        make_store(rows=PEOPLE, split=split)
    source, augmentation = Source("tiny", str(tmp_path / "tiny")), Augmentation(flip_probability=0.5, colour_gain=0.4)
    settings = {"resolution": 16, "batch_size": BATCH, "augmentation": augmentation}
    return lambda workers=0: DataModule({"tiny": source}, workers=workers, **settings)


def fit(network, data: DataModule, run: Path, **length):
    """Trains, from the checkpoint on if there is one; all that there is to know of the end."""
    checkpoint = run / LAST if (run / LAST).is_file() else None
    quiet = {"enable_progress_bar": False, "enable_model_summary": False, "num_sanity_val_steps": 0}
    settings = {"max_epochs": EPOCHS, "accelerator": "cpu", "log_every_n_steps": 1} | quiet | length
    kept = keepers(run)
    callbacks = [HeedPreemption(run / LAST), ReseedEachStep(0), BeginNextEpoch(), KeepMetrics(), *kept]
    plugins, logger = [WholeCheckpoints()], MetricsFile(str(run))
    trainer = lightning.Trainer(callbacks=callbacks, plugins=plugins, logger=logger, **settings)
    trainer.fit(network, datamodule=data, ckpt_path=checkpoint, weights_only=True)
    weights = torch.load(run / LAST, weights_only=True)["state_dict"]
    logged = (run / "metrics.csv").read_text().splitlines()
    return trainer.global_step, trainer.current_epoch, float(kept[0].best_model_score), weights, logged


@pytest.mark.parametrize(
    ("moments", "workers", "length"),
    [
        pytest.param(TRAINED, 0, {}, id="steps"),
        pytest.param(VALIDATION, 0, {}, id="validations"),
        pytest.param([("train", 1), ("train", 5), ("val", 7)], 2, {}, id="loading processes"),
        pytest.param([("train", 1), VALIDATION[VALIDATED - 1]], 0, {"max_epochs": -1, "max_steps": 7}, id="max_steps"),
        pytest.param([("train", 2)], 0, {"accumulate_grad_batches": 2}, id="accumulated gradients"),
    ],
)
def test_a_run_goes_on_where_it_was_left(moments, workers, length, data, tmp_path):
    whole = fit(Network(), data(), tmp_path / "whole", **length)
    for moment in moments:
        with pytest.raises(Preempted):
            fit(Network(moment), data(workers), tmp_path / "left", **length)
    assert fit(Network(), data(workers), tmp_path / "left", **length) == whole
