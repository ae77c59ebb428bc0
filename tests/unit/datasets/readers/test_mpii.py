"""MPII's MATLAB file: structs in structs, with every irregularity that the official one has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from hpe.datasets.readers.mpii import Mpii
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
EMPTY = np.zeros((0, 0))


def structs(*items: dict[str, Any]) -> np.ndarray:
    """A MATLAB struct array: all items have the fields of all, empty where they lack them."""
    names = list(dict.fromkeys(name for item in items for name in item))
    array = np.empty((1, len(items)), dtype=[(name, object) for name in names])
    for place, item in enumerate(items):
        array[0, place] = tuple(item.get(name, EMPTY) for name in names)
    return array


def point(joint: int, **more: Any) -> dict[str, Any]:
    return {"x": 100.5 + joint, "y": 200.25 + joint, "id": joint, **more}


def person(*points: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"x1": 1, "y1": 2, "x2": 3, "y2": 4}
    return head | {"annopoints": {"point": structs(*points)}, "scale": 2.5, "objpos": {"x": 300.0, "y": 400.0}} | more


def image(name: str, *people: dict[str, Any]) -> dict[str, Any]:
    return {"image": {"name": name}, "annorect": structs(*people) if people else EMPTY, "frame_sec": EMPTY}


WHOLE = person(*(point(joint, is_visible=joint % 2) for joint in range(16)))
# Necks and heads have no flag, and some flags are text.
HALF = person(point(9), point(8, is_visible=EMPTY), point(0, is_visible="0"), point(15, is_visible="1"))
ONE = person(point(3, is_visible=1), scale=1.0)
NO_JOINTS = {"x1": 1, "y1": 2, "x2": 3, "y2": 4}
UNSEEN = {"scale": 2.0, "objpos": {"x": 1, "y": 2}}


def write(folder: Path, images: list[dict[str, Any]], trains: list[int]) -> Mpii:
    release = {"annolist": structs(*images), "img_train": np.array([trains]), "version": "12"}
    savemat(folder / "mpii_human_pose_v1_u12_1.mat", {"RELEASE": release})
    (folder / "images").mkdir()
    for one in images:
        Image.new("RGB", (12, 7)).save(folder / "images" / one["image"]["name"])
    return Mpii(str(folder))


def test_people_of_the_training_pictures_come_back(tmp_path: Path, stored: Stored) -> None:
    images = [
        image("060111501.jpg", NO_JOINTS, HALF),
        image("015601864.jpg", WHOLE, ONE),
        image("000000001.jpg", UNSEEN),
        image("000000002.jpg"),
    ]
    store = stored(write(tmp_path, images, [1, 1, 0, 1]), "train")
    assert store["image"].tolist() == ["images/015601864.jpg"] * 2 + ["images/060111501.jpg"]
    assert store["image_size"].tolist() == [[12, 7]] * 3
    assert store["person"].tolist() == [0, 1, 1]
    assert store["box"].tolist() == [[50, 150, 500, 500], [200, 300, 200, 200], [50, 150, 500, 500]]
    assert store["joints2d"][0, 15].tolist() == [115.5, 215.25]
    assert store["confidence2d"].sum(1).tolist() == [16, 1, 4]
    assert store["visible"][0].tolist() == [False, True] * 8
    assert np.flatnonzero(store["visible"][2]).tolist() == [8, 9, 15]
    assert store["select_all_joints"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (
            person(point(1, is_visible=1), point(16)),
            r"annopoints\.point\(2\)\.id is 16, not a whole number from 0 to 15",
        ),
        (person(point(1, x=np.nan), point(2)), r"annopoints\.point\(1\)\.x is missing or not a finite number"),
        (person(point(1, y="high"), point(2)), r"annopoints\.point\(1\)\.y is missing or not a finite number"),
        (person(point(1), scale=EMPTY), r"scale is missing or not a finite number"),
        (person(point(1), objpos=EMPTY), r"objpos is missing or no struct"),
    ],
)
def test_a_bad_person_is_named(tmp_path: Path, bad: dict[str, Any], words: str) -> None:
    reader = write(tmp_path, [image("1.jpg", ONE), image("2.jpg", ONE, bad)], [1, 1])
    with pytest.raises(UserError, match=rf"u12_1\.mat: RELEASE\.annolist\(2\)\.annorect\(2\)\.{words}") as caught:
        reader.read("train", reader.parts("train")[0])
    assert "\n" not in str(caught.value)


def test_another_matlab_file_is_refused(tmp_path: Path) -> None:
    savemat(tmp_path / "mpii_human_pose_v1_u12_1.mat", {"joints": np.zeros(3)})
    reader = Mpii(str(tmp_path))
    with pytest.raises(UserError, match="RELEASE is missing or no struct; fetch the file again"):
        reader.read("train", reader.parts("train")[0])
