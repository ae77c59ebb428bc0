"""A tiny store with random people in random pictures, whose labels agree with each other exactly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from hpe.datasets.store import Store, write_store

WIDTH, HEIGHT, FOCAL = 96, 72, 90.0


def people(rows: int, seed: int = 0) -> dict[str, Any]:
    """Columns of a store: joints in front of a camera, their projections, pose, shape and the rest."""
    generator = np.random.default_rng(seed)
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    place = np.concatenate([generator.uniform(-0.8, 0.8, (rows, 1, 2)), generator.uniform(3, 4, (rows, 1, 1))], axis=-1)
    joints3d = place + generator.uniform(-0.5, 0.5, (rows, 24, 3))
    joints2d = FOCAL * joints3d[..., :2] / joints3d[..., 2:] + middle
    low, high = joints2d.min(1), joints2d.max(1)
    return {
        "image": [f"{row:03}.jpg" for row in range(rows)],
        "sequence": [f"walk{row // 4}" for row in range(rows)],
        "frame": np.arange(rows) % 4,
        "person": np.zeros(rows),
        "box": np.concatenate([low, high - low], axis=1),
        "image_size": np.tile([WIDTH, HEIGHT], (rows, 1)),
        "joints2d": joints2d,
        "confidence2d": np.ones((rows, 24)),
        "joints3d": joints3d,
        "confidence3d": np.ones((rows, 24)),
        "visible": generator.random((rows, 24)) < 0.8,
        "pose": generator.normal(0, 0.4, (rows, 72)),
        "betas": generator.normal(0, 1, (rows, 10)),
        "has_smpl": np.ones(rows, dtype=bool),
        "focal_length": np.full(rows, FOCAL),
        "principal_point": np.tile(middle, (rows, 1)),
    }


def draw_picture(path: Path, seed: int) -> None:
    """A smooth random picture, so that resampling it twice changes little."""
    noise = np.random.default_rng(seed).integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), dtype=np.uint8)
    cv2.imwrite(str(path), cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC))


@pytest.fixture
def make_store(tmp_path: Path) -> Callable[..., Store]:
    """Writes `<name>/<split>.h5` of `rows` people with pictures; `drop` leaves columns out, `change` replaces some."""

    def make(
        rows: int = 8, name: str = "tiny", split: str = "train", drop: tuple[str, ...] = (), **change: Any
    ) -> Store:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for row in range(rows):
            draw_picture(folder / f"{row:03}.jpg", row)
        columns = {key: value for key, value in (people(rows) | change).items() if key not in drop}
        path = folder / f"{split}.h5"
        write_store(path, columns, name=name, split=split, joints="smpl_24")
        return Store.open(path)

    return make
