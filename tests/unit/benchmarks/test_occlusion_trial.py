"""The same people behind the same layers, whatever the system that looks at them."""

from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch
from hand_made import PEOPLE, store

from benchmarks.occlusion.models import Model
from benchmarks.occlusion.occluders import Patch, Truncation
from benchmarks.occlusion.trial import NONE, trial
from hpe.datasets.crops_dataset import CropSettings
from hpe.datasets.module import IMAGENET_DEVIATION, IMAGENET_MEAN
from hpe.errors import UserError
from hpe.types import Prediction

KINDS = {"patch": Patch(), "truncation": Truncation()}
ROWS = np.array([1, 5])


class Grey:
    """Says nothing but how bright the picture is, in the first of the betas."""

    backbone = SimpleNamespace(preprocessing=SimpleNamespace(mean=IMAGENET_MEAN, std=IMAGENET_DEVIATION))

    def __call__(self, batch):
        count = len(batch)
        betas = torch.zeros(count, 10)
        betas[:, 0] = batch.image.mean((1, 2, 3))
        return Prediction(torch.zeros(count, 24, 3), rotmats=torch.eye(3).repeat(count, 24, 1, 1), betas=betas)


def system(name, resolution, batch_size=2):
    settings = CropSettings(resolution, "smpl_24", 1.2, IMAGENET_MEAN, IMAGENET_DEVIATION)
    return Model(name, 0, None, "", None, Grey(), SimpleNamespace(settings=settings, batch_size=batch_size))


@pytest.fixture
def people(tmp_path):
    random = np.random.default_rng(3)
    cv2.imwrite(str(tmp_path / "picture.jpg"), random.integers(0, 256, (90, 90, 3), dtype=np.uint8))
    box, joints = np.tile([10, 10, 60, 60], (PEOPLE, 1)), random.uniform(15, 65, (PEOPLE, 24, 2))
    return store(tmp_path, box=box, joints2d=joints, image_size=np.full((PEOPLE, 2), 90))


def test_every_person_is_shown_as_it_is_and_behind_every_kind_in_every_size(people):
    made = trial([system("a", 32)], people, ROWS, KINDS, [0.2, 0.6], seed=0)
    shown = made.shown
    assert shown["row"].tolist() == [1] * 5 + [5] * 5
    assert shown["kind"].tolist()[:5] == [NONE, "patch", "patch", "truncation", "truncation"]
    assert shown.loc[shown["kind"] == NONE, "occlusion"].tolist() == [0, 0]
    assert (shown.loc[shown["size"] == 0.6, "occlusion"] > 0.1).all()
    assert {name: values.shape for name, values in made.said["a"].items()} == {"pose": (10, 72), "betas": (10, 10)}


def test_systems_see_the_same_in_their_own_resolution_and_batches(people):
    models = [system("a", 32, batch_size=2), system("b", 64, batch_size=64)]
    together = trial(models, people, ROWS, KINDS, [0.2, 0.6], seed=0)
    bright, other = (together.said[name]["betas"][:, 0] for name in "ab")
    np.testing.assert_allclose(bright, other, atol=0.06)
    assert np.ptp(bright) > 0.3
    alone = trial(models[1:], people, ROWS[1:], KINDS, [0.6], seed=0)
    np.testing.assert_array_equal(alone.said["b"]["betas"], together.said["b"]["betas"][[5, 7, 9]])


def test_the_seed_moves_the_layers(people):
    one, other = (trial([system("a", 32)], people, ROWS, KINDS, [0.4], seed).shown for seed in (0, 1))
    assert not one["occlusion"].equals(other["occlusion"])


def test_pictures_that_cannot_be_read_are_left_out_or_one_line(people):
    broken = replace(
        people, columns=people.columns | {"image": np.where(np.arange(PEOPLE) == 5, "no.jpg", "picture.jpg")}
    )
    made = trial([system("a", 32)], broken, ROWS, KINDS, [0.4], seed=0)
    assert set(made.shown["row"]) == {1}
    assert len(made.skipped) == 1
    with pytest.raises(UserError, match="no picture of the chosen people can be read"):
        trial([system("a", 32)], broken, ROWS[1:], KINDS, [0.4], seed=0)


def test_a_system_without_a_body_is_one_line(people):
    bodiless = system("a", 32)
    bodiless = replace(bodiless, system=lambda batch: Prediction(torch.zeros(len(batch), 24, 3)))
    bodiless.system.backbone = Grey.backbone
    with pytest.raises(UserError, match="a predicts no body"):
        trial([bodiless], people, ROWS, KINDS, [0.4], seed=0)
