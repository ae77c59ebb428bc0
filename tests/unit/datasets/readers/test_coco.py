"""COCO's annotation files as released, and COCO-WholeBody's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe.datasets.readers.coco import Coco, CocoWholeBody
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]


def keypoints(labelled: range, joints: int = 17) -> list[float]:
    """x, y, v of joints: the labelled ones at (10 + joint, 20 + joint), every other one of them hidden."""
    return [
        value
        for joint in range(joints)
        for value in ([10 + joint, 20 + joint, 1 + joint % 2] if joint in labelled else [0, 0, 0])
    ]


def person(number: int, image: int, labelled: range) -> dict[str, Any]:
    found = keypoints(labelled)
    return {
        "segmentation": [[1.0, 2, 3, 4, 5, 6]],
        "num_keypoints": len(labelled),
        "area": 90.5,
        "iscrowd": 0,
        "keypoints": found,
        "image_id": image,
        "bbox": [8.5, 18.25, 30.0, 60.5],
        "category_id": 1,
        "id": number,
    }


CROWD = person(900100000139, 139, range(0)) | {"iscrowd": 1, "segmentation": {"counts": [1, 2], "size": [480, 640]}}
FLAT = person(8, 139, range(17)) | {"bbox": [8.5, 18.25, 30.0, 0.0]}


def annotations(*people: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    images = [
        {"license": 1, "file_name": f"{prefix}000000000785.jpg", "height": 425, "width": 640, "id": 785},
        {"license": 3, "file_name": f"{prefix}000000000139.jpg", "height": 426, "width": 641, "id": 139},
    ]
    return {"info": {"year": 2014}, "images": images, "annotations": list(people), "categories": [{"id": 1}]}


def write(folder: Path, name: str, content: dict[str, Any]) -> None:
    (folder / "annotations").mkdir(exist_ok=True)
    (folder / "annotations" / name).write_text(json.dumps(content))


def test_people_of_2014_come_back(tmp_path: Path, stored: Stored) -> None:
    people = [person(9, 785, range(17)), person(7, 139, range(5, 16)), CROWD, FLAT, person(5, 139, range(5, 17))]
    content = annotations(*people, prefix="COCO_train2014_")
    write(tmp_path, "person_keypoints_train2014.json", content)
    store = stored(Coco(str(tmp_path)), "train")
    assert store.joint_set == "coco_17"
    assert store["person"].tolist() == [5, 7, 9]
    assert store["image"].tolist() == [
        "train2014/COCO_train2014_000000000139.jpg",
        "train2014/COCO_train2014_000000000139.jpg",
        "train2014/COCO_train2014_000000000785.jpg",
    ]
    assert store["sequence"][0] == "COCO_train2014_000000000139"
    assert store["image_size"].tolist() == [[641, 426], [641, 426], [640, 425]]
    assert store["box"][0].tolist() == [8.5, 18.25, 30, 60.5]
    assert store["joints2d"][2, 16].tolist() == [26, 36]
    assert store["confidence2d"][1].tolist() == [0] * 5 + [1] * 11 + [0]
    assert store["visible"][2].tolist() == [False, True] * 8 + [False]
    assert store["select_limbs"].tolist() == [True, False, True]


def test_the_pictures_of_2017_have_a_folder_of_their_own(tmp_path: Path, stored: Stored) -> None:
    write(tmp_path, "person_keypoints_val2017.json", annotations(person(1, 139, range(17))))
    store = stored(Coco(str(tmp_path), year=2017), "val")
    assert store["image"].tolist() == ["val2017/000000000139.jpg"]


def test_feet_follow_the_body_in_whole_body(tmp_path: Path, stored: Stored) -> None:
    feet = [1, 2, 2.0, 3, 4, 1.0, 5, 6, 0.25, 0, 0, 0, 7, 8, 2, 9, 10, 2]
    whole = person(1, 139, range(17)) | {"foot_kpts": feet, "face_kpts": [0.0] * 204, "foot_valid": True}
    write(tmp_path, "coco_wholebody_train_v1.0.json", annotations(whole))
    store = stored(CocoWholeBody(str(tmp_path)), "train")
    assert store.joint_set == "coco_wholebody_23"
    assert store["image"].tolist() == ["train2017/000000000139.jpg"]
    assert store["joints2d"][0, 16:19].tolist() == [[26, 36], [1, 2], [3, 4]]
    assert store["confidence2d"][0, 17:].tolist() == [1, 1, 0.25, 0, 1, 1]
    assert store["visible"][0, 17:].tolist() == [True, False, False, False, True, True]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keypoints": [0] * 48}, r"annotations\[1\], 'keypoints' has shape 48, expected 51 numbers"),
        ({"keypoints": [float("nan")] * 51}, r"annotations\[1\], 'keypoints' holds a number that is not finite"),
        ({"bbox": [1, 2, float("inf"), 4]}, r"annotations\[1\], 'bbox' holds a number that is not finite"),
        ({"image_id": 3}, r"annotations\[1\], 'image_id' is the id of no image"),
        ({"id": 4}, r"annotations\[1\], 'id' is there twice"),
        ({"id": 2**31}, r"annotations\[1\], 'id' is no whole number from 0 to"),
    ],
)
def test_a_bad_annotation_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    people = [person(4, 785, range(17)), person(5, 139, range(17)) | change]
    write(tmp_path, "person_keypoints_train2014.json", annotations(*people))
    reader = Coco(str(tmp_path))
    with pytest.raises(UserError, match=rf"person_keypoints_train2014\.json: {words}") as caught:
        reader.read("train", reader.parts("train")[0])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["keypoints", "image_id", "id", "bbox"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    bad = person(5, 139, range(17))
    del bad[key]
    write(tmp_path, "person_keypoints_train2014.json", annotations(bad))
    reader = Coco(str(tmp_path))
    with pytest.raises(UserError, match=rf"annotations\[0\], '{key}' is missing"):
        reader.read("train", reader.parts("train")[0])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no annotations/person_keypoints_train2014\.json in"):
        Coco(str(tmp_path)).parts("train")


def test_nobody_with_joints_is_nobody(tmp_path: Path) -> None:
    write(tmp_path, "person_keypoints_train2014.json", annotations(CROWD))
    reader = Coco(str(tmp_path))
    columns = reader.read("train", reader.parts("train")[0])
    assert columns["joints2d"].shape == (0, 17, 2)
    assert np.array(columns["image"]).dtype.kind == "U"
