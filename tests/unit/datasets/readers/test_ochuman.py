"""OCHuman's one file as released."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hpe.datasets.readers.ochuman import OcHuman
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
NAMES = [
    *("right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist"),
    *("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("head", "neck", "right_ear", "left_ear", "nose", "right_eye", "left_eye"),
]
MASK = {"outer": [[1.0, 2, 3, 4]], "inner": [], "width": 600, "height": 500}


def person(**more: Any) -> dict[str, Any]:
    """Joint j at (j, 10 j) with flag j modulo 4."""
    found = [value for joint in range(19) for value in (joint, 10 * joint, joint % 4)]
    return {"bbox": [10, 20.5, 110, 220.5], "keypoints": found, "segms": MASK, "max_iou": 0.7, **more}


def write(folder: Path, *pictures: list[dict[str, Any]], names: list[str] = NAMES) -> OcHuman:
    images = [
        {"image_id": f"{n:06}", "file_name": f"{n:06}.jpg", "width": 600 + n, "height": 500, "annotations": people}
        for n, people in enumerate(pictures, start=1)
    ]
    visible = {"vis": 1, "self_occluded": 2, "others_occluded": 3, "missing": 0}
    content = {"keypoint_names": names, "keypoint_visible": visible, "images": images}
    (folder / "ochuman.json").write_text(json.dumps(content))
    return OcHuman(str(folder))


def test_people_with_joints_and_a_mask_come_back(tmp_path: Path, stored: Stored) -> None:
    reader = write(tmp_path, [person(segms=None), person()], [person(keypoints=None)], [person(), person()])
    store = stored(reader, "all")
    assert store["image"].tolist() == ["images/000001.jpg", "images/000003.jpg", "images/000003.jpg"]
    assert store["image_size"].tolist() == [[601, 500], [603, 500], [603, 500]]
    assert store["person"].tolist() == [1, 0, 1]
    assert store["box"][0].tolist() == [10, 20.5, 100, 200]
    assert store["joints2d"][0, 7].tolist() == [7, 70]
    assert store["confidence2d"][0, :5].tolist() == [0, 1, 1, 1, 0]
    assert store["visible"][0, :6].tolist() == [False, True, False, False, False, True]


def test_the_first_2500_pictures_with_people_are_val(tmp_path: Path, stored: Stored) -> None:
    reader = write(tmp_path, [person(segms=None)], *[[person()]] * 2499, [], [person(), person()], [person()])
    val, test = stored(reader, "val"), stored(reader, "test")
    assert len(val) == 2501
    assert val["sequence"][[0, -1]].tolist() == ["000002", "002502"]
    assert test["sequence"].tolist() == ["002503"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keypoints": [0] * 51}, r"'keypoints' has shape 51, expected 57 numbers"),
        ({"keypoints": [float("nan")] * 57}, r"'keypoints' holds a number that is not finite"),
        ({"bbox": None}, r"'bbox' has shape 1, expected 4 numbers"),
    ],
)
def test_a_bad_annotation_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    reader = write(tmp_path, [person()], [person(keypoints=None), person() | change])
    with pytest.raises(UserError, match=rf"ochuman\.json: images\[1\]\.annotations\[1\], {words}"):
        reader.read("all", reader.parts("all")[0])


def test_joints_in_another_order_are_refused(tmp_path: Path) -> None:
    reader = write(tmp_path, [person()], names=NAMES[::-1])
    with pytest.raises(UserError, match="'keypoint_names' are not the joints of ochuman_19"):
        reader.read("all", reader.parts("all")[0])
