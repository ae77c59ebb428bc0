"""Which bodies training takes 3D joints from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hydra.errors import InstantiationException
from omegaconf import DictConfig, OmegaConf

from hpe.assembly import bodies_of_labels
from hpe.bodies.body import Body
from hpe.bodies.smpl_files import SHAPES
from hpe.datasets.module import DataModule
from hpe.datasets.sources import Source
from hpe.datasets.store import write_store
from hpe.joints import joint_set

PEOPLE = 3


@pytest.fixture
def smpl(tmp_path: Path) -> Path:
    """A folder with a man and a woman of SMPL's sizes."""
    model: dict[str, np.ndarray] = {key: np.zeros(shape, np.float32) for key, shape in SHAPES.items()}
    model["kintree_table"] = np.stack([joint_set("smpl_24").parents, np.arange(24)])
    model["f"] = np.zeros(SHAPES["f"], int)
    for name in ("SMPL_MALE", "SMPL_FEMALE"):
        np.savez_compressed(tmp_path / f"{name}.npz", **model)
    return tmp_path


def data(folder: Path, genders: list[int] | None) -> DataModule:
    """People with bodies of these genders."""
    columns: dict[str, Any] = {"image": ["a.jpg"] * PEOPLE, "sequence": ["a"] * PEOPLE, "frame": np.arange(PEOPLE)}
    columns |= {"person": np.zeros(PEOPLE, int), "box": np.ones((PEOPLE, 4)), "image_size": np.ones((PEOPLE, 2))}
    columns |= {"pose": np.zeros((PEOPLE, 72)), "betas": np.zeros((PEOPLE, 10)), "has_smpl": np.ones(PEOPLE, bool)}
    gendered = {} if genders is None else {"gender": genders}
    write_store(folder / "train.h5", columns | gendered, name="made", split="train", joints="smpl_24")
    return DataModule({"made": Source("made", str(folder))})


def config(folder: Path, bodies: bool = True, weight: float = 5.0) -> DictConfig:
    loss = {"weights": {"keypoints3d": weight}, "terms": {"keypoints3d": {"bodies": bodies}}}
    body = {"_target_": "hpe.bodies.smpl_files.load_smpl", "folder": str(folder)}
    return OmegaConf.create({"loss": loss, "body": body})


def test_men_and_women_bring_their_bodies(smpl: Path, body: Body) -> None:
    bodies = bodies_of_labels(config(smpl), data(smpl, [1, 2, 0]), {"neutral": body})
    assert [found.name for found in bodies] == [body.name, "smpl", "smpl"]


def test_a_body_that_is_there_is_not_read_again(smpl: Path, body: Body) -> None:
    there = {"neutral": body, "male": body, "female": body}
    assert bodies_of_labels(config(smpl), data(smpl, [1, 2, 0]), there) == [body] * 3


def test_nobody_needs_a_body_that_training_does_not_look_at(tmp_path: Path, body: Body) -> None:
    """There is no file to read one from."""
    neutral, mixed = {"neutral": body}, [1, 2, 0]
    free = config(tmp_path)
    free.body = {"_target_": "hpe.bodies.anny.load_anny"}
    assert bodies_of_labels(config(tmp_path), data(tmp_path, [0, 0, 0]), neutral) == []
    assert bodies_of_labels(config(tmp_path), data(tmp_path, None), neutral) == []
    assert bodies_of_labels(config(tmp_path, bodies=False), data(tmp_path, mixed), neutral) == []
    assert bodies_of_labels(config(tmp_path, weight=0.0), data(tmp_path, mixed), neutral) == []
    assert bodies_of_labels(free, data(tmp_path, mixed), neutral) == []


def test_a_missing_body_is_one_line(tmp_path: Path, body: Body) -> None:
    with pytest.raises(InstantiationException, match="no male SMPL model in"):
        bodies_of_labels(config(tmp_path), data(tmp_path, [1, 1, 1]), {"neutral": body})
