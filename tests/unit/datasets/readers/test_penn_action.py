"""Label files of Penn Action, one a clip."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat

from hpe.datasets.fragments import Fragment
from hpe.datasets.readers.penn_action import PennAction
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
FRAMES = 5


def clip(train: int) -> dict[str, Any]:
    """Joints of five frames; all hidden in frame 2, the last joint hidden everywhere and far away."""
    random = np.random.default_rng(FRAMES + train)
    visible = np.ones((FRAMES, 13))
    visible[2], visible[:, 12] = 0, 0
    x, y = random.uniform(40, 80, (2, FRAMES, 13))
    x[:, 12] = 900
    labels = {"action": "squat", "pose": "back", "train": train, "nframes": FRAMES, "dimensions": [270, 480, FRAMES]}
    return {**labels, "x": x, "y": y, "visibility": visible, "bbox": np.ones((FRAMES, 4))}


def write(folder: Path, *clips: dict[str, Any]) -> PennAction:
    (folder / "labels").mkdir(exist_ok=True)
    for number, one in enumerate(clips, start=1):
        savemat(folder / f"labels/{number:04}.mat", one)
    return PennAction(str(folder))


def test_frames_with_visible_joints_come_back(tmp_path: Path, stored: Stored) -> None:
    reader, test_clip = write(tmp_path, clip(1), clip(-1), clip(1)), clip(-1)
    train, test = stored(reader, "train"), stored(reader, "test")
    assert np.unique(train["sequence"]).tolist() == ["0001", "0003"]
    assert test["frame"].tolist() == [0, 1, 3, 4]
    assert test["image"].tolist() == [f"frames/0002/{frame:06}.jpg" for frame in (1, 2, 4, 5)]
    assert test["image_size"].tolist() == [[480, 270]] * 4
    np.testing.assert_allclose(test["joints2d"][2, :, 0], test_clip["x"][3], rtol=1e-6)
    np.testing.assert_allclose(test["joints2d"][2, :, 1], test_clip["y"][3], rtol=1e-6)
    assert test["visible"][2].tolist() == [True] * 12 + [False]
    assert test["confidence2d"][2].tolist() == [1] * 12 + [0]
    x, y = test_clip["x"][3, :12], test_clip["y"][3, :12]
    np.testing.assert_allclose(test["box"][2], [x.min(), y.min(), np.ptp(x), np.ptp(y)], rtol=1e-6)


def test_a_clip_of_the_other_split_is_an_empty_part(tmp_path: Path) -> None:
    reader = write(tmp_path, clip(1))
    fragment = Fragment(reader, "test", reader.parts("test")[0], tmp_path)
    fragment.make()
    assert {len(values) for values in fragment.columns().values()} == {0}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": np.full((FRAMES, 13), np.nan)}, "'y' is not finite in row 0"),
        ({"x": np.ones((FRAMES, 12))}, r"'x' has shape 5 x 12, expected \? x 13"),
        ({"visibility": np.ones((FRAMES + 1, 13))}, "'visibility' has shape 6 x 13, expected 5 x 13"),
        ({"train": "yes"}, "'train' is no array of numbers"),
    ],
)
def test_a_bad_clip_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    reader = write(tmp_path, clip(1) | change)
    with pytest.raises(UserError, match=rf"0001\.mat: {words}"):
        reader.read("train", reader.parts("train")[0])


def test_a_missing_entry_is_named(tmp_path: Path) -> None:
    bad = clip(1)
    del bad["visibility"]
    reader = write(tmp_path, bad)
    with pytest.raises(UserError, match=r"0001\.mat: 'visibility' is missing"):
        reader.read("train", reader.parts("train")[0])
