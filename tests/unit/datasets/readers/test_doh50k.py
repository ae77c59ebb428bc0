"""3DOH50K's annots.json as its authors lay it out: a table of pictures, paths with backslashes, poses in the world."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.spatial.transform import Rotation

from hpe.datasets.readers.doh50k import DOH50K
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
INTRINSICS = np.array([[1400.0, 0, 960], [0, 1410, 540], [0, 0, 1]])


def entry(number: int) -> dict[str, Any]:
    """A person whose joints are in the camera's frame, a seventh of a metre the unit."""
    random = np.random.default_rng(number)
    extrinsics = np.eye(4)
    extrinsics[:3, :3], extrinsics[:3, 3] = Rotation.random(rng=random).as_matrix(), random.normal(size=3)
    joints = 7 * random.uniform([-1, -1, 3], [1, 1, 5], (24, 3))
    pixels = (joints / joints[:, 2:] @ INTRINSICS.T)[:, :2]
    return {
        "extri": extrinsics.tolist(),
        "intri": INTRINSICS.tolist(),
        "img_path": f"\\trainset\\images\\{number:05}.jpg",
        "mask_path": f"\\trainset\\masks\\{number:05}.png",
        "bbox": [[100.0 + number, 50], [300, 450]],
        "betas": random.normal(size=(1, 10)).tolist(),
        "pose": random.normal(0, 0.4, (1, 72)).tolist(),
        "trans": [[0, 0, 0]],
        "scale": [7.0],
        "smpl_joints_2d": pixels.tolist(),
        "smpl_joints_3d": joints.tolist(),
        "lsp_joints_2d": pixels[:14].tolist(),
        "lsp_joints_3d": joints[:14].tolist(),
    }


def content() -> dict[str, Any]:
    return {f"{number:05}": entry(number) for number in (2, 0, 1)}


def write(folder: Path, said: Any, name: str = "trainset") -> DOH50K:
    (folder / name / "images").mkdir(parents=True, exist_ok=True)
    (folder / name / "annots.json").write_text(json.dumps(said))
    for number in range(3):
        Image.new("1", (1920, 1080)).save(folder / name / f"images/{number:05}.jpg", format="PNG")
    return DOH50K(str(folder))


@pytest.mark.parametrize("name", ["trainset", "train"])
def test_pictures_come_by_name_under_either_folder(tmp_path: Path, stored: Stored, name: str) -> None:
    store = stored(write(tmp_path, content(), name), "train")
    assert store["image"].tolist() == [f"{name}/images/{number:05}.jpg" for number in range(3)]
    assert store["sequence"].tolist() == ["00000", "00001", "00002"]
    assert store["image_size"][0].tolist() == [1920, 1080]
    assert store["box"][1].tolist() == [101, 50, 199, 400]


def test_the_pose_is_turned_into_the_camera(tmp_path: Path, stored: Stored) -> None:
    store = stored(write(tmp_path, content()), "train")
    for number in range(3):
        said = entry(number)
        pose, turn = np.array(said["pose"][0]), np.array(said["extri"])[:3, :3]
        root = Rotation.from_rotvec(store["pose"][number][:3]).as_matrix()
        np.testing.assert_allclose(root, turn @ Rotation.from_rotvec(pose[:3]).as_matrix(), atol=1e-6)
        np.testing.assert_allclose(store["pose"][number][3:], pose[3:], rtol=1e-6)
        np.testing.assert_allclose(store["betas"][number], said["betas"][0], rtol=1e-6)
    assert store["gender"].tolist() == [0, 0, 0]


def test_joints_are_metres_where_the_camera_sees_them(tmp_path: Path, stored: Stored) -> None:
    said = content()
    said["00001"]["smpl_joints_3d"] = np.add(said["00001"]["smpl_joints_3d"], [20, 0, 0]).tolist()
    store = stored(write(tmp_path, said), "train")
    assert store["confidence3d"].mean(1).tolist() == [1, 0, 1]
    np.testing.assert_allclose(7 * store["joints3d"][0], said["00000"]["smpl_joints_3d"], rtol=1e-5)
    np.testing.assert_allclose(store["joints2d"][0], said["00000"]["smpl_joints_2d"], rtol=1e-5)
    assert store["focal_length"][0] == 1405
    assert store["principal_point"][0].tolist() == [960, 540]


def faulty(key: str, value: Any) -> dict[str, Any]:
    said = content()
    said["00001"][key] = value
    if value is None:
        del said["00001"][key]
    return said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "is no table of pictures"),
        (faulty("pose", None), "annots.json: 00001, 'pose' is missing"),
        (faulty("pose", [[0.0] * 69]), "00001, 'pose' has shape 1 x 69, expected 1 x 72"),
        (faulty("betas", [[float("nan")] * 10]), "00001, 'betas' holds a number that is not finite"),
        (faulty("extri", (2 * np.eye(4)).tolist()), "is no rotation and translation"),
        (faulty("img_path", 3), "00001, 'img_path' is no text"),
    ],
)
def test_a_file_that_is_none_is_one_line(tmp_path: Path, said: Any, words: str) -> None:
    reader = write(tmp_path, said)
    with pytest.raises(UserError, match=words) as caught:
        reader.read("train", reader.parts("train")[0])
    assert "\n" not in str(caught.value)


def test_a_missing_split_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no testset/annots\.json in"):
        write(tmp_path, content()).parts("test")
