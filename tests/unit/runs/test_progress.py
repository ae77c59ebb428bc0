"""Whoever watches a run reads how far it is; a run that goes on knows its best."""

from pathlib import Path

import lightning
import pytest
import torch
from torch.utils.data import DataLoader

from hpe.runs.progress import FILE_NAME, Progress, ReportProgress

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning warns of what is right for a network of one weight


class Network(lightning.LightningModule):
    """Its validation error is what it is told."""

    def __init__(self, errors: list[float]) -> None:
        super().__init__()
        self.layer, self.errors = torch.nn.Linear(1, 1), errors

    def training_step(self, batch: torch.Tensor, index: int) -> torch.Tensor:
        return self.layer(batch).sum()

    def validation_step(self, batch: torch.Tensor, index: int) -> None:
        self.log("val/mpjpe", self.errors[self.current_epoch])

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


def fit(run: Path, errors: list[float], checkpoint: Path | None = None) -> lightning.Trainer:
    quiet = {"enable_progress_bar": False, "enable_model_summary": False, "logger": False}
    trainer = lightning.Trainer(
        accelerator="cpu", max_epochs=len(errors), callbacks=[ReportProgress(run)], default_root_dir=run, **quiet
    )
    people = DataLoader(torch.ones(4, 1))
    trainer.fit(Network(errors), people, people, ckpt_path=checkpoint, weights_only=checkpoint is not None)
    return trainer


def test_the_last_word_of_a_training_is_its_best(tmp_path: Path) -> None:
    assert Progress.read(tmp_path) is None
    fit(tmp_path, [90.0, 80.0, 85.0])
    assert Progress.read(tmp_path) == Progress("evaluating", epoch=3, epochs=3, step=12, best=80.0)


def test_a_run_that_goes_on_remembers_its_best(tmp_path: Path) -> None:
    fit(tmp_path / "first", [70.0]).save_checkpoint(tmp_path / "last.ckpt")
    fit(tmp_path / "second", [0.0, 75.0], tmp_path / "last.ckpt")
    assert Progress.read(tmp_path / "second") == Progress("evaluating", epoch=2, epochs=2, step=8, best=70.0)


def test_what_cannot_be_read_is_no_progress(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"epoch": 1}')
    assert Progress.read(tmp_path) is None
