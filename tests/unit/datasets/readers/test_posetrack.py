"""Annotation files of PoseTrack18, one a video."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hpe.datasets.readers.posetrack import PoseTrack18
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
NAMES = [
    *("nose", "head_bottom", "head_top", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow"),
    *("right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle"),
    "right_ankle",
]


def person(frame: int, track: int, names: list[str] = NAMES, **more: Any) -> dict[str, Any]:
    """Every joint at its place in `NAMES`, plus 1; ears without label."""
    points = [[0, 0, 0] if "ear" in name else [NAMES.index(name) + 1, 5, 1] for name in names]
    return {
        "bbox": [10.5, 20, 30, 40 + track],
        "bbox_head": [1, 2, 3, 4],
        "category_id": 1,
        "id": 100 * frame + track,
        "image_id": 10000 + frame,
        "keypoints": [value for point in points for value in point],
        "scores": [],
        "track_id": track,
        **more,
    }


def write(folder: Path, video: str, people: list[dict[str, Any]], names: list[str] = NAMES) -> PoseTrack18:
    (folder / "images/val" / video).mkdir(parents=True)
    images = []
    for frame in (0, 4, 8):
        name = f"images/val/{video}/{frame:06}.jpg"
        Image.new("RGB", (64, 48)).save(folder / name)
        labelled = {"is_labeled": True, "nframes": 3, "vid_id": video[:6]}
        images.append({"file_name": name, "id": 10000 + frame, "frame_id": 10000 + frame, **labelled})
    content = {"images": images, "annotations": people, "categories": [{"name": "person", "keypoints": names}]}
    path = folder / f"posetrack_data/annotations/val/{video}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return PoseTrack18(str(folder))


def test_tracks_of_all_videos_come_back(tmp_path: Path, stored: Stored) -> None:
    unlabelled = person(4, 3, keypoints=[0] * 51)
    boxless = person(8, 3)
    del boxless["bbox"]
    write(tmp_path, "000342_mpii_test", [person(8, 1), person(0, 1), person(0, 0), unlabelled, boxless])
    store = stored(write(tmp_path, "000522_mpii_test", [person(4, 2)]), "val")
    assert store["sequence"].tolist() == ["000342_mpii_test"] * 3 + ["000522_mpii_test"]
    assert store["person"].tolist() == [0, 1, 1, 2]
    assert store["frame"].tolist() == [0, 0, 8, 4]
    assert store["image"][2] == "images/val/000342_mpii_test/000008.jpg"
    assert store["image_size"].tolist() == [[64, 48]] * 4
    assert store["box"][1].tolist() == [10.5, 20, 30, 41]
    assert store["joints2d"][0, 2].tolist() == [3, 5]
    assert store["confidence2d"][0].tolist() == [1, 1, 1, 0, 0] + [1] * 12


def test_joints_go_by_the_order_that_the_file_states(tmp_path: Path, stored: Stored) -> None:
    names = NAMES[::-1]
    store = stored(write(tmp_path, "000342_mpii_test", [person(0, 0, names)], names), "val")
    assert store["joints2d"][0, [0, 2, 16], 0].tolist() == [1, 3, 17]


def test_one_video_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "posetrack_data/annotations/train"
    folder.mkdir(parents=True)
    for name in ("021133_mpii_train", "000001_bonn_train"):
        (folder / f"{name}.json").write_text("{}")
    assert [part.name for part in PoseTrack18(str(tmp_path)).parts("train")] == ["000001_bonn_train"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keypoints": [0] * 45}, r"annotations\[1\], 'keypoints' has shape 45, expected 51 numbers"),
        ({"bbox": [0, 0, float("nan"), 1]}, r"annotations\[1\], 'bbox' holds a number that is not finite"),
        ({"track_id": None}, r"annotations\[1\], 'track_id' holds a number that is not finite"),
        ({"image_id": 3}, r"annotations\[1\], 'image_id' is the id of no image"),
    ],
)
def test_a_bad_annotation_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    reader = write(tmp_path, "000342_mpii_test", [person(0, 0), person(0, 1) | change])
    with pytest.raises(UserError, match=rf"000342_mpii_test\.json: {words}"):
        reader.read("val", reader.parts("val")[0])


@pytest.mark.parametrize("first", ["tail", []])
def test_other_joints_are_refused(tmp_path: Path, first: Any) -> None:
    reader = write(tmp_path, "000342_mpii_test", [person(0, 0)], [first, *NAMES[1:]])
    with pytest.raises(UserError, match=r"categories\[0\], 'keypoints' are not the joints of posetrack_17"):
        reader.read("val", reader.parts("val")[0])
