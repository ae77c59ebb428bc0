"""One estimator for all systems: two steps of every model, and what happens to a loss that is not finite."""

from pathlib import Path

import hydra
import lightning
import pytest
import torch
from omegaconf import DictConfig
from torch.utils.data import DataLoader, Dataset

from hpe.assembly import build_networks, build_system
from hpe.bodies.body import Body
from hpe.config import config_folder
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.runs.quiet import silence_libraries
from hpe.types import Batch

MODELS = sorted(path.stem for path in (config_folder() / "model").glob("*.yaml"))


def config(model: str) -> DictConfig:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        return hydra.compose("train", [f"model={model}"])


def system(model: str, body: Body) -> Estimator:
    torch.manual_seed(0)
    parts = config(model)
    return build_system(parts, build_networks(parts), body)


class People(Dataset[Batch]):
    """Labelled people in pictures of noise."""

    def __init__(self, body: Body, resolution: int) -> None:
        self.body, self.resolution = body, resolution

    def __len__(self) -> int:
        return 4

    def __getitem__(self, row: int) -> Batch:
        rotmats, betas = torch.eye(3).expand(24, 3, 3).contiguous(), torch.zeros(10)
        joints = self.body(rotmats[None], betas[None]).joints[0]
        return Batch(
            image=torch.rand(3, self.resolution, self.resolution),
            sample=torch.tensor(row),
            crop=torch.tensor([100.0, 100.0, 200.0]),
            image_size=torch.tensor([200.0, 200.0]),
            joints2d=joints[:, :2],
            confidence2d=torch.ones(24),
            joints3d=joints,
            confidence3d=torch.ones(24),
            rotmats=rotmats,
            betas=betas,
            has_smpl=torch.tensor(True),
        )


def loader(model: Estimator) -> DataLoader[Batch]:
    return DataLoader(People(model.body, model.resolution), batch_size=2, collate_fn=Batch.stack)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_trains_for_two_steps(name: str, body: Body, tmp_path: Path) -> None:
    silence_libraries()
    model = system(name, body)
    before = {key: value.clone() for key, value in model.head.named_parameters()}
    trainer = lightning.Trainer(
        fast_dev_run=2, accelerator="cpu", enable_progress_bar=False, enable_model_summary=False, logger=False
    )
    trainer.fit(model.train(), loader(model), loader(model))  # the body is shared with tests that predict
    assert trainer.callback_metrics["val/mpjpe"] > 0
    assert any(not torch.equal(before[key], value) for key, value in model.head.named_parameters())


def test_a_perfect_prediction_has_no_error(body: Body) -> None:
    model = system("hmr", body)
    batch = next(iter(loader(model)))
    assert batch.rotmats is not None
    assert batch.betas is not None
    head = model.head(model.backbone(batch.image), batch)
    perfect = model.prediction(type(head)(batch.rotmats, batch.betas, head.camera), "smpl_24")
    for name, values in model.errors(perfect, batch).items():
        assert torch.allclose(values, torch.zeros(2), atol=1e-2), name


def test_a_sample_without_a_body_has_no_number(body: Body) -> None:
    model = system("hmr", body)
    batch = next(iter(loader(model)))
    assert batch.has_smpl is not None
    batch.has_smpl[0] = False
    for values in model.errors(model(batch), batch).values():
        assert values.isnan().tolist() == [True, False]


def test_a_loss_that_is_not_finite_names_its_samples(body: Body) -> None:
    model = system("hmr", body)
    batch = next(iter(loader(model)))
    assert batch.joints2d is not None
    batch.joints2d[1] = torch.inf
    with pytest.raises(UserError, match=r"terms: keypoints2d.*0:0 0:1"):
        model.training_step(batch, 0)


def test_the_state_is_without_the_body(body: Body) -> None:
    assert not any(name.startswith("body.") for name in system("hmr", body).state_dict())
