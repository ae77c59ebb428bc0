"""An interrupt that a finaliser swallows still ends the training."""

import io
import os
import signal

import lightning
import pytest
import torch
from torch.utils.data import DataLoader

from hpe.runs.interrupts import HeedInterrupts

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning warns of what is right for a network of one weight


class InterruptedFile(io.IOBase):
    """A file during whose finalisation the user presses Ctrl-C."""

    def close(self):
        os.kill(os.getpid(), signal.SIGINT)


class Network(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer, self.steps = torch.nn.Linear(1, 1), 0

    def training_step(self, batch, index):
        self.steps += 1
        if self.steps == 3:
            InterruptedFile()
        return self.layer(batch).sum()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


def fit(network):
    quiet = {"enable_progress_bar": False, "enable_model_summary": False, "enable_checkpointing": False}
    trainer = lightning.Trainer(accelerator="cpu", max_epochs=5, logger=False, callbacks=[HeedInterrupts()], **quiet)
    trainer.fit(network, DataLoader(torch.ones(4, 1)))


@pytest.fixture
def interrupts():
    before = signal.getsignal(signal.SIGINT)
    yield lambda handler: signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGINT, before)


def test_a_swallowed_interrupt_ends_the_training_at_the_next_batch(interrupts):
    interrupts(signal.default_int_handler)
    network = Network()
    with pytest.raises(SystemExit):
        fit(network)
    assert network.steps == 3


def test_a_process_started_deaf_stays_deaf(interrupts):
    interrupts(signal.SIG_IGN)
    network = Network()
    fit(network)
    assert network.steps == 20
