"""Who is told that a run leaves, and when; that it goes on in the same bits is tested in datasets/test_resuming.py."""

import os
import signal

import lightning
import pytest
import torch
from submitit.core.job_environment import SignalHandler
from torch.utils.data import DataLoader

from hpe.errors import Preempted
from hpe.runs.preemption import WARNINGS, HeedPreemption

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning warns of what is right for a network of one weight


class Network(lightning.LightningModule):
    """Is warned in its third step."""

    def __init__(self, warning):
        super().__init__()
        self.layer, self.warning, self.steps = torch.nn.Linear(1, 1), warning, 0

    def training_step(self, batch, index):
        self.steps += 1
        if self.steps == 3:
            os.kill(os.getpid(), self.warning)
        return self.layer(batch).sum()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


def fit(network, last):
    quiet = {"enable_progress_bar": False, "enable_model_summary": False, "enable_checkpointing": False}
    trainer = lightning.Trainer(
        accelerator="cpu", max_epochs=5, logger=False, callbacks=[HeedPreemption(last)], **quiet
    )
    trainer.fit(network, DataLoader(torch.ones(4, 1)))


@pytest.fixture(autouse=True)
def handlers():
    before = {number: signal.getsignal(number) for number in WARNINGS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("warning", WARNINGS)
def test_a_warned_run_saves_the_step_in_hand_and_leaves(warning, tmp_path):
    network = Network(warning)
    with pytest.raises(Preempted) as left:
        fit(network, tmp_path / "last.ckpt")
    assert left.value.code == 143
    assert network.steps == 3
    assert torch.load(tmp_path / "last.ckpt", weights_only=True)["global_step"] == 3


class Submitits(SignalHandler):
    """Submitit's handlers, of which one looks whether all is saved and ends the process."""

    def __init__(self, last):
        self.last = last

    def checkpoint_and_try_requeue(self, number, frame=None):
        assert self.last.is_file()
        raise SystemExit(-1)


def queued(last):
    """Be a job of submitit's, in a process where somebody else listens too."""
    signal.signal(signal.SIGUSR1, lambda number, frame: None)
    signal.signal(signal.SIGUSR2, Submitits(last).checkpoint_and_try_requeue)
    signal.signal(signal.SIGTERM, Submitits(last).bypass)


@pytest.mark.parametrize("warning", [signal.SIGUSR1, signal.SIGUSR2])
def test_submitit_requeues_before_a_time_limit_once_all_is_saved(warning, tmp_path):
    last = tmp_path / "last.ckpt"
    queued(last)
    with pytest.raises(SystemExit) as left:
        fit(Network(warning), last)
    assert left.value.code == -1


def test_submitit_does_not_requeue_what_slurm_does(tmp_path):
    last = tmp_path / "last.ckpt"
    queued(last)
    with pytest.raises(Preempted):
        fit(Network(signal.SIGTERM), last)


def test_handlers_are_as_they_were_afterwards(tmp_path):
    def handler(number, frame):
        """Somebody else's."""

    for number in WARNINGS:
        signal.signal(number, handler)
    fit(Network(0), tmp_path / "last.ckpt")
    assert {signal.getsignal(number) for number in WARNINGS} == {handler}
