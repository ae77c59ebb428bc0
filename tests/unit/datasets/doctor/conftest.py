"""The sound data set on disk, and what spoils it."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from sound_people import HEIGHT, WIDTH, Spoil, people, write

from hpe.datasets.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Splits train and test, and their pictures."""
    for number, split in enumerate(("train", "test")):
        (tmp_path / split).mkdir()
        columns = people(split)
        for row, name in enumerate(columns["image"]):
            noise = np.random.default_rng([number, row]).integers(0, 256, (HEIGHT // 8, WIDTH // 8, 3), np.uint8)
            cv2.imwrite(str(tmp_path / name), cv2.resize(noise, (WIDTH, HEIGHT)))
        write(tmp_path, split, columns)
    return tmp_path


@pytest.fixture
def spoiled(folder: Path) -> Callable[..., Store]:
    """The test split with other columns; `drop` leaves some out."""

    def change(spoil: Spoil = dict, drop: tuple[str, ...] = (), joints: str = "smpl_24") -> Store:
        columns = {name: values for name, values in spoil(people("test")).items() if name not in drop}
        return write(folder, "test", columns, joints)

    return change
