"""Training in stages: a loss weight that changes on the way, and weights that a run begins with."""

from pathlib import Path
from typing import Any

import hydra
import lightning
import pytest
import torch
from lightning.pytorch.callbacks import Callback
from omegaconf import OmegaConf
from torch.utils.data import DataLoader

from hpe.assembly import build_networks, build_system
from hpe.bodies.body import Body
from hpe.config import config_folder
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.heads.mean_parameters import standing_pose
from hpe.runs.callbacks import ReseedEachStep
from hpe.runs.checkpoints import UNTRAINED, Checkpoint, KeepState
from hpe.runs.quiet import silence_libraries
from hpe.types import Batch, HeadOutput

STAGES = "loss.weights.parts={_target_: hpe.losses.schedule.Milestones, values: [1.0, 0.0], milestones: [3]}"
PERSON = HeadOutput(standing_pose(), torch.zeros(10), torch.ones(3))


def config(*overrides: str) -> Any:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        return hydra.compose("train", list(overrides))


def system(body: Body, *overrides: str) -> Estimator:
    torch.manual_seed(0)
    parts = config(*overrides)
    return build_system(parts, build_networks(parts), body)


def batches(body: Body) -> DataLoader[Batch]:
    """Two batches of two people who stand before the crop's camera, in pictures of noise."""
    rotmats, betas = standing_pose().expand(2, 24, 3, 3), torch.zeros(2, 10)
    joints = body(rotmats, betas).joints
    generator = torch.Generator().manual_seed(0)
    labels: dict[str, Any] = {
        "joints2d": 0.9 * joints[..., :2],
        "confidence2d": torch.ones(2, 24),
        "joints3d": joints,
        "confidence3d": torch.ones(2, 24),
        "rotmats": rotmats,
        "betas": betas,
        "has_smpl": torch.ones(2, dtype=torch.bool),
    }
    crops = torch.arange(2), torch.ones(2, 3), torch.ones(2, 2)
    made = [Batch(torch.rand(2, 3, 64, 64, generator=generator), *crops, **labels) for _ in range(2)]
    return DataLoader(made, batch_size=None)


class KeepFirst(Callback):
    """Keeps a checkpoint after the first epoch."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        if trainer.current_epoch == 0:
            trainer.save_checkpoint(self.path)


def steps_with_parts(model: Estimator, path: Path, start: Path | None = None) -> list[bool]:
    """Train for three epochs of two steps; whether the parts took part in each step's loss."""
    silence_libraries()
    found: list[bool] = []
    assert model.loss is not None
    model.loss.register_forward_hook(lambda loss, given, report: found.append("parts" in report.terms))
    trainer = lightning.Trainer(
        max_epochs=3,
        accelerator="cpu",
        callbacks=[ReseedEachStep(0), KeepFirst(path)],
        log_every_n_steps=1,
        **dict.fromkeys(("logger", "enable_progress_bar", "enable_model_summary", "enable_checkpointing"), False),
    )
    trainer.fit(model.train(), batches(model.body), batches(model.body), ckpt_path=start, weights_only=True)
    return found


def test_a_term_goes_off_at_its_step_and_a_resumed_run_ends_in_the_same_weights(body: Body, tmp_path: Path) -> None:
    whole, resumed = (system(body, "model=pare", STAGES) for _ in range(2))
    first = tmp_path / "first.ckpt"
    assert steps_with_parts(whole, first) == [True, True, True, False, False, False]
    assert steps_with_parts(resumed, tmp_path / "second.ckpt", first) == [True, False, False, False]
    for name, tensor in whole.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


@pytest.fixture
def stage1(body: Body, tmp_path: Path) -> Checkpoint:
    """What a run with weights of its own for the backbone leaves."""
    kept = config("model=pare", "backbone.weights=gone.pth")
    OmegaConf.resolve(kept.backbone)
    state: dict[str, Any] = {"state_dict": system(body, "model=pare").state_dict()}
    keeper = KeepState(OmegaConf.create({key: kept[key] for key in ("model", "backbone", "head", "body")}), PERSON)
    torch.save(state | keeper.state, tmp_path / "stage1.ckpt")
    return Checkpoint.read(tmp_path / "stage1.ckpt")


@pytest.mark.parametrize("content", [{"state_dict": {}, "epoch": 3}, {"state_dict": {}}, [1]])
def test_weights_of_another_trainer_are_no_checkpoint(tmp_path: Path, content: Any) -> None:
    torch.save(content, tmp_path / "pare.ckpt")
    with pytest.raises(UserError, match="it lacks 'hpe_config'; weights that others published are for python -m hpe"):
        Checkpoint.read(tmp_path / "pare.ckpt")


def test_a_second_stage_begins_with_the_weights_of_the_first(body: Body, stage1: Checkpoint) -> None:
    second = system(body, "model=pare", "head.branch.layers=2", "seed=1")
    for tensor in second.state_dict().values():
        tensor.zero_()
    stage1.load_into(second)
    assert all(torch.equal(tensor, stage1.weights[name]) for name, tensor in second.state_dict().items())


def test_a_misfit_is_one_line(body: Body, stage1: Checkpoint) -> None:
    with pytest.raises(UserError, match=r"stage1.ckpt is of another architecture: .* 4 misshaped .*trained with$"):
        stage1.load_into(system(body, "model=pare", "head.shape_width=8"))


def test_a_checkpoint_needs_no_weights_that_its_run_began_with(stage1: Checkpoint) -> None:
    taken = stage1.parts(OmegaConf.create({"model": None, "backbone": None, "head": None, "body": None}))
    assert {key: taken.backbone[key] for key in UNTRAINED} == UNTRAINED
    assert stage1.config.backbone.weights == "gone.pth"
