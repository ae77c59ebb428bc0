"""MuCo-3DHP's JSON as 3DMPPE released it: images with a camera each, people with 21 joints."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe.datasets.readers.muco import MuCo
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]


def content() -> dict[str, Any]:
    """Two pictures of two people and one of one; annotations of one picture do not lie together."""
    random = np.random.default_rng(0)
    images = [
        {
            "id": 10 + number,
            "file_name": name,
            "width": 2048,
            "height": 2048,
            "f": [1500.0, 1502.0],
            "c": [1020.0, 1030.0],
        }
        for number, name in enumerate(["augmented_set/b/1.jpg", "augmented_set/b/0.jpg", "unaugmented_set/1.jpg"])
    ]
    annotations = []
    for number, image in enumerate([10, 11, 12, 11, 10]):
        points = random.uniform([-900, -900, 3000], [900, 900, 5000], (21, 3))
        pixels = points[:, :2] / points[:, 2:] * [1500, 1502] + [1020, 1030]
        shown = (random.random(21) < 0.8).tolist()
        box = [*pixels.min(0), *np.ptp(pixels, axis=0)]
        labels = {
            "keypoints_cam": points.tolist(),
            "keypoints_img": pixels.tolist(),
            "keypoints_vis": shown,
            "bbox": box,
        }
        annotations.append({"id": number, "image_id": image, **labels})
    return {"images": images, "annotations": annotations}


def write(folder: Path, what: Any) -> MuCo:
    (folder / "MuCo-3DHP.json").write_text(json.dumps(what))
    return MuCo(str(folder))


def test_everybody_is_there_in_metres_with_his_own_picture(tmp_path: Path, stored: Stored) -> None:
    said = content()
    store = stored(write(tmp_path, said), "train")
    assert store.joint_set == "muco_21"
    assert store["image"].tolist() == [f"augmented_set/b/{name}.jpg" for name in (1, 0, 1, 0)] + [
        "unaugmented_set/1.jpg"
    ]
    assert store["frame"].tolist() == [10, 11, 10, 11, 12]
    assert store["person"].tolist() == [0, 0, 1, 1, 0]
    order = [said["annotations"][number] for number in (0, 1, 4, 3, 2)]
    for key, column, unit in [
        ("keypoints_cam", "joints3d", 1000),
        ("keypoints_img", "joints2d", 1),
        ("bbox", "box", 1),
    ]:
        np.testing.assert_allclose(store[column] * unit, [one[key] for one in order], rtol=1e-5)
    assert store["visible"].tolist() == [one["keypoints_vis"] for one in order]
    assert store["focal_length"].tolist() == [1501] * 5
    assert store["principal_point"][0].tolist() == [1020, 1030]
    assert store["image_size"][0].tolist() == [2048, 2048]


def test_boxes_without_area_are_left_out(tmp_path: Path, stored: Stored) -> None:
    said = content()
    said["annotations"][2]["bbox"][2] = 0
    assert len(stored(write(tmp_path, said), "train")) == 4


def behind(people: int) -> dict[str, Any]:
    """As many people, of five, have a joint that no camera can see."""
    said = content()
    for one in said["annotations"][:people]:
        one["keypoints_cam"][20][2] *= -1
    return said


def test_who_comes_behind_the_camera_is_left_out(tmp_path: Path, stored: Stored) -> None:
    store = stored(write(tmp_path, behind(1)), "train")
    assert store["image"].tolist().count("augmented_set/b/1.jpg") == 1
    assert len(store) == 4


def faulty(where: str, key: str, value: Any) -> dict[str, Any]:
    said = content()
    said[where][1][key] = value
    return said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"images": []}, "'annotations' is missing"),
        (
            faulty("annotations", "keypoints_cam", [[0, 0, 1]] * 17),
            r"annotations\[1\], 'keypoints_cam' has shape 17 x 3",
        ),
        (behind(3), r"'keypoints_cam' lies behind the camera for 3 of 5 people"),
        (faulty("annotations", "bbox", [0, 0, float("nan"), 1]), "'bbox' holds a number that is not finite"),
        (faulty("annotations", "image_id", 99), "'image_id' is the id of no image"),
        (faulty("images", "f", None), r"images\[1\], 'f' "),
    ],
)
def test_a_file_that_is_none_is_one_line(tmp_path: Path, said: Any, words: str) -> None:
    reader = write(tmp_path, said)
    with pytest.raises(UserError, match=words) as caught:
        reader.read("train", reader.parts("train")[0])
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no MuCo-3DHP\.json"):
        MuCo(str(tmp_path)).parts("train")
