"""`joints.mat` of LSP and of LSPET, whose axes and flags differ."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from hpe.datasets.readers.lsp import Lsp, LspExtended
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
PEOPLE = 4


def joints(flag: float) -> np.ndarray:
    """x, y and flag of 14 joints of everybody, 14 x 3 x people: the flag says `flag` of the first five joints only."""
    found = np.random.default_rng(0).uniform(30, 90, (14, 3, PEOPLE))
    found[:, 2] = 1 - flag
    found[:5, 2] = flag
    return found


def pictures(folder: Path, names: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    for place, name in enumerate(names):
        Image.new("RGB", (100 + place, 120)).save(folder / name)


def test_the_first_half_of_lsp_is_train_and_flagged_joints_are_hidden(tmp_path: Path, stored: Stored) -> None:
    found = joints(flag=1)
    savemat(tmp_path / "joints.mat", {"joints": found.transpose(1, 0, 2)})
    pictures(tmp_path / "images", [f"im{number + 1:04}.jpg" for number in range(PEOPLE)])
    train, test = (stored(Lsp(str(tmp_path)), split) for split in ("train", "test"))
    assert train["image"].tolist() == ["images/im0001.jpg", "images/im0002.jpg"]
    assert test["image"].tolist() == ["images/im0003.jpg", "images/im0004.jpg"]
    assert test["image_size"].tolist() == [[102, 120], [103, 120]]
    np.testing.assert_allclose(test["joints2d"][1], found[:, :2, 3], rtol=1e-6)
    assert test["confidence2d"].all()
    assert test["visible"][0].tolist() == [False] * 5 + [True] * 9
    low = found[:, :2, 3].min(0)
    np.testing.assert_allclose(test["box"][1], [*low, *(found[:, :2, 3].max(0) - low)], rtol=1e-6)


def test_flagged_joints_of_lspet_are_seen_and_those_at_the_corner_have_no_label(tmp_path: Path, stored: Stored) -> None:
    found = joints(flag=1)
    found[13, :, 1] = 0
    found[0, 0, 1] = -3
    savemat(tmp_path / "joints.mat", {"joints": found})
    pictures(tmp_path / "images", [f"im{number + 1:05}.jpg" for number in range(PEOPLE)])
    store = stored(LspExtended(str(tmp_path)), "train")
    assert store["sequence"].tolist() == ["im00001", "im00002", "im00003", "im00004"]
    np.testing.assert_allclose(store["joints2d"][2], found[:, :2, 2], rtol=1e-6)
    assert store["confidence2d"][1].tolist() == [0] + [1] * 12 + [0]
    assert store["visible"][0].tolist() == [True] * 5 + [False] * 9
    assert store["visible"][1].tolist() == [False] + [True] * 4 + [False] * 9


def test_pictures_of_the_larger_lspet_are_paired_by_order(tmp_path: Path, stored: Stored) -> None:
    savemat(tmp_path / "joints.mat", {"joints": joints(flag=1)})
    pictures(tmp_path, ["im00001.png", "im00007.png", "im00005.png", "im10000.png"])
    store = stored(LspExtended(str(tmp_path)), "train")
    assert store["image"].tolist() == ["im00001.png", "im00005.png", "im00007.png", "im10000.png"]


def test_a_person_without_a_box_is_left_out(tmp_path: Path, stored: Stored) -> None:
    found = joints(flag=1)
    found[:, :2, 2] = 0
    savemat(tmp_path / "joints.mat", {"joints": found})
    pictures(tmp_path / "images", [f"im{number + 1:05}.jpg" for number in range(PEOPLE)])
    assert stored(LspExtended(str(tmp_path)), "train")["sequence"].tolist() == ["im00001", "im00002", "im00004"]


def test_bad_files_are_one_line_each(tmp_path: Path) -> None:
    reader, found = Lsp(str(tmp_path)), joints(flag=1)
    with pytest.raises(UserError, match=r"no joints\.mat in"):
        reader.parts("train")
    savemat(tmp_path / "joints.mat", {"joints": found})
    pictures(tmp_path / "images", ["im0001.jpg"])
    part = reader.parts("train")[0]
    with pytest.raises(UserError, match=r"joints\.mat: 'joints' has shape 14 x 3 x 4, expected 3 x 14 x people"):
        reader.read("train", part)
    savemat(tmp_path / "joints.mat", {"joints": found.transpose(1, 0, 2)})
    with pytest.raises(UserError, match=r"joints\.mat has joints of 4 people, but beside it are 1 pictures"):
        reader.read("train", part)
    found[3, 1, 2] = np.nan
    savemat(tmp_path / "joints.mat", {"joints": found.transpose(1, 0, 2)})
    with pytest.raises(UserError, match=r"'joints' of person 3 holds a number that is not finite"):
        reader.read("train", part)
    savemat(tmp_path / "joints.mat", {"points": found})
    with pytest.raises(UserError, match=r"joints\.mat: 'joints' has shape of nothing"):
        reader.read("train", part)
