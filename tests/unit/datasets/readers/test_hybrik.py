"""JSON files as HybrIK and ProPose exchange them: three data sets, three spellings of a camera, mm and metres."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe.datasets.readers.hybrik import Hybrik
from hpe.datasets.readers.hybrik_sets import HybrikH36M, HybrikMpiInf, HybrikPW3D
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
FOCAL, CENTRE = (1145.0, 1143.0), (512.0, 515.0)
CAMERA = {
    HybrikH36M: {"f": FOCAL, "c": CENTRE},
    HybrikPW3D: {"focal": FOCAL, "princpt": CENTRE},
    HybrikMpiInf: {"intrinsic_param": [[FOCAL[0], 0, CENTRE[0], 0], [0, FOCAL[1], CENTRE[1], 0], [0, 0, 1, 0]]},
}
NAMES = {
    HybrikH36M: [
        "s_09_act_05_subact_02_ca_01/s_09_act_05_subact_02_ca_01_000061.jpg",
        "s_09_act_02_subact_01_ca_01/s_09_act_02_subact_01_ca_01_000001.jpg",
    ],
    HybrikPW3D: ["image_00007.jpg", "image_00003.jpg"],
    HybrikMpiInf: ["TS1/imageSequence/img_000004.jpg", "S1/Seq1/images/S1_Seq1_V0/img_S1_Seq1_V0_000002.jpg"],
}


def points(person: int, count: int) -> np.ndarray:
    """Metres in front of the camera."""
    return np.random.default_rng(person).uniform([-0.8, -0.9, 3], [0.8, 0.9, 5], (count, 3))


def project(joints: np.ndarray) -> np.ndarray:
    return joints[..., :2] / joints[..., 2:] * FOCAL + CENTRE


def pose(person: int) -> np.ndarray:
    return np.random.default_rng(100 + person).normal(0, 0.4, 72)


def labels(kind: type[Hybrik], split: str, person: int) -> dict[str, Any]:
    if kind is HybrikMpiInf:
        joints = points(person, 28 if split == "train" else 17)
        return {"keypoints_cam": (1000 * joints).tolist(), "keypoints_img": project(joints).tolist()}
    joints, betas = points(person, 29), np.arange(10.0) / 10
    if kind is HybrikPW3D:
        image = np.concatenate([project(joints), joints[:, 2:]], axis=1)[:24]
        return {
            "smpl_joint_cam": joints[:24].tolist(),
            "smpl_joint_img": image.tolist(),
            "h36m_joints": points(person, 17).tolist(),
            "smpl_param": {"pose": pose(person).tolist(), "shape": betas.tolist(), "gender": "neutral"},
        }
    return {
        "smpl_joints": (1000 * joints).tolist(),
        "h36m_joints": (1000 * points(person, 17)).tolist(),
        "thetas": pose(person).reshape(24, 3).tolist(),
        "betas": betas.tolist(),
        "root_coord": (1000 * joints[0]).tolist(),
        "angle_twist": {"angle": [-999.0] * 23, "cos": [-999.0] * 23, "sin": [-999.0] * 23},
    }


def content(kind: type[Hybrik], split: str) -> dict[str, Any]:
    """Two pictures of a person each, and of 3DPW another in the first."""
    pictures = [
        {"id": number, "file_name": name, "width": 1000, "height": 1002, "cam_param": CAMERA[kind]}
        for number, name in enumerate(NAMES[kind])
    ]
    for picture in pictures if kind is HybrikPW3D else []:
        picture["sequence"] = "downtown_bus_00"
    owners = [0, 1, 0] if kind is HybrikPW3D else [0, 1]
    people = [
        {"id": number, "image_id": owner, "bbox": [10.0 + number, 20, 300, 600], **labels(kind, split, number)}
        for number, owner in enumerate(owners)
    ]
    return {"images": pictures, "annotations": people}


def write(folder: Path, kind: type[Hybrik], split: str, said: Any) -> Hybrik:
    reader = kind(str(folder))
    path = folder / getattr(reader, split)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said))
    return reader


@pytest.mark.parametrize("kind", [HybrikH36M, HybrikPW3D, HybrikMpiInf])
@pytest.mark.parametrize("split", ["train", "test"])
def test_joints_are_metres_and_project_to_their_pixels(
    tmp_path: Path, stored: Stored, kind: type[Hybrik], split: str
) -> None:
    store = stored(write(tmp_path, kind, split, content(kind, split)), split)
    counts = {"smpl_24": 29, "h36m_17": 17, "mpi_inf_28": 28, "mpi_inf_17": 17}
    for row in range(len(store)):
        person = round(float(store["box"][row][0])) - 10
        expected = points(person, counts[store.joint_set])[: store["joints3d"].shape[1]]
        np.testing.assert_allclose(store["joints3d"][row], expected, rtol=1e-5)
        np.testing.assert_allclose(store["joints2d"][row], project(expected), rtol=1e-5)
        if kind is not HybrikMpiInf:
            np.testing.assert_allclose(store["pose"][row], pose(person), rtol=1e-5)
    assert store["focal_length"][0] == 1144
    assert store["principal_point"][0].tolist() == list(CENTRE)
    assert store["image_size"][0].tolist() == [1000, 1002]


def test_human36m_is_numbered_by_its_pictures(tmp_path: Path, stored: Stored) -> None:
    reader = write(tmp_path, HybrikH36M, "test", content(HybrikH36M, "test"))
    store = stored(reader, "test")
    assert store.joint_set == "h36m_17"
    assert store["sequence"].tolist() == ["s_09_act_02_subact_01_ca_01", "s_09_act_05_subact_02_ca_01"]
    assert store["frame"].tolist() == [1, 61]
    assert store["image"].tolist() == [f"images/{name}" for name in reversed(NAMES[HybrikH36M])]
    assert store["select_labels_in_place"].tolist() == [True, False]


def test_people_of_3dpw_are_told_apart_within_a_picture(tmp_path: Path, stored: Stored) -> None:
    store = stored(write(tmp_path, HybrikPW3D, "test", content(HybrikPW3D, "test")), "test")
    assert store["image"].tolist() == [f"imageFiles/downtown_bus_00/image_{number:05}.jpg" for number in (3, 7, 7)]
    assert list(zip(store["person"].tolist(), store["frame"].tolist(), strict=True)) == [(0, 3), (0, 7), (1, 7)]
    assert set(store["sequence"]) == {"downtown_bus_00"}
    assert store["select_hybrik_json"].all()
    assert (store["gender"] == 0).all()


def test_pictures_of_mpi_inf_lie_in_a_folder_a_split(tmp_path: Path, stored: Stored) -> None:
    store = stored(write(tmp_path, HybrikMpiInf, "test", content(HybrikMpiInf, "test")), "test")
    assert "mpi_inf_3dhp_test_set/TS1/imageSequence/img_000004.jpg" in store["image"]
    assert "pose" not in store


def test_who_comes_behind_the_camera_is_left_out(tmp_path: Path, stored: Stored) -> None:
    said = content(HybrikPW3D, "test")
    said["annotations"][0]["smpl_joint_cam"][5][2] = 0
    store = stored(write(tmp_path, HybrikPW3D, "test", said), "test")
    assert store["box"][:, 0].tolist() == [11, 12]


def faulty(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    said = content(HybrikH36M, "train")
    change(said)
    return said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: said["images"][1].pop("cam_param"), r"images\[1\], 'cam_param' is missing"),
        (lambda said: said["images"][1].update(cam_param=[1]), "'cam_param' is missing or no list of objects"),
        (
            lambda said: said["images"][1].update(file_name="a/b.jpg"),
            r"images\[1\], 'file_name' does not end in a number",
        ),
        (lambda said: said["annotations"][1].pop("thetas"), r"annotations\[1\], 'thetas' is missing"),
        (lambda said: said["annotations"][1].update(betas=[np.nan] * 10), r"'betas' holds a number that is not finite"),
        (lambda said: said["annotations"][0].update(smpl_joints=[[0, 0, 1]] * 17), "has shape 17 x 3, expected 24 x 3"),
        (
            lambda said: said["annotations"][0].update(smpl_joints=[[0], [0, 1]]),
            r"annotations\[0\], 'smpl_joints' is not",
        ),
        (
            lambda said: said["annotations"][1].update(smpl_joints=[[0, 0, 0]] * 29),
            "'smpl_joints' lies behind the camera for 1 of 2 people, so in another frame",
        ),
    ],
)
def test_a_file_that_is_none_is_one_line(tmp_path: Path, change: Callable, words: str) -> None:
    reader = write(tmp_path, HybrikH36M, "train", faulty(change))
    with pytest.raises(UserError, match=words) as caught:
        reader.read("train", reader.parts("train")[0])
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no file .*3DPW_test_new\.json: .* or name yours in reader\.test"):
        HybrikPW3D(str(tmp_path)).parts("test")
