"""Tables, fits and pictures of AGORA as its authors lay them out, and what comes out of them."""

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hand_made import preset
from scipy.spatial.transform import Rotation

from hpe.datasets.preparation import prepare
from hpe.datasets.readers.agora import AGORA
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.scoring.card_rows import selection

# Left hip, right hip and first vertebra from the pelvis, in SMPL's axes: what turns with the root.
REST = np.array([[0.06, -0.09, -0.01], [-0.06, -0.09, -0.01], [0.0, 0.12, -0.03]])
PICTURES = {
    "ag_trainset_flowers_5_10_cam02_00001.png": (18, -45.0, 30.0, 3),
    "ag_trainset_hdri_00002.png": (50, 0.0, 0.0, 1),
    "ag2_trainset_brushify_3.png": (28, 0.0, 15.0, 2),
    "ag_trainset_archviz_7.png": (28, 70.0, 0.0, 2),
}


def axes(yaw: float, pitch: float = 0.0) -> np.ndarray:
    """Right, down and forward in AGORA's world (x forward, y right, z up) of a camera that looks down by `pitch`."""
    yaw, pitch = np.deg2rad([yaw, pitch])
    ahead = np.array([np.cos(yaw), np.sin(yaw), 0])
    up = np.array([0, 0, 1.0])
    right = np.array([-np.sin(yaw), np.cos(yaw), 0])
    return np.array([right, np.sin(pitch) * -ahead - np.cos(pitch) * up, np.cos(pitch) * ahead - np.sin(pitch) * up])


def standing(yaw: float) -> np.ndarray:
    """Left, up and front of a scan in that world: it faces y, and turns with its yaw."""
    yaw = np.deg2rad(yaw)
    return np.array([[np.cos(yaw), np.sin(yaw), 0], [0, 0, 1], [-np.sin(yaw), np.cos(yaw), 0]])


def fit(scan: int) -> dict[str, torch.Tensor]:
    random = np.random.default_rng(scan)
    sizes = {"root_pose": 3, "body_pose": 69, "betas": 11 if scan % 3 == 2 else 10, "translation": 3}
    return {key: torch.nn.Parameter(torch.from_numpy(random.normal(0, 0.3, (1, n)))) for key, n in sizes.items()}


def row(picture: str, scans: list[int]) -> dict[str, Any]:
    random = np.random.default_rng(len(picture))
    focal, yaw, pitch, _ = PICTURES[picture]
    turns = random.uniform(-180, 180, len(scans))
    joints = random.normal((0, 0, 6), 0.3, (len(scans), 24, 3))
    for person, scan in enumerate(scans):
        root = Rotation.from_rotvec(fit(scan)["root_pose"].detach().numpy()[0])
        world = root.apply(REST) @ standing(turns[person])
        joints[person, 1:4] = joints[person, 0] + world @ axes(yaw, pitch).T
    pixels = joints[..., :2] / joints[..., 2:] * (focal / 36 * 3840) + [1920, 1080]
    return {
        "imgPath": picture,
        "X": [0.0] * len(scans),
        "Yaw": turns.tolist(),
        "camX": 0.0,
        "camYaw": 70.0 if "archviz" in picture else np.nan,
        "gender": ["female" if scan % 2 else "male" for scan in scans],
        "kid": [scan % 3 == 2 for scan in scans],
        "occlusion": [20.0 * scan for scan in scans],
        "isValid": [scan != 5 for scan in scans],
        "gt_path_smpl": [f"smpl_gt/trainset/scan_{scan}.obj" for scan in scans],
        "gt_joints_2d": list(pixels),
        "gt_joints_3d": list(joints),
    }


def write(folder: Path, split: str, rows: list[dict[str, Any]]) -> AGORA:
    table = pd.DataFrame(rows).astype({"imgPath": object})
    table.columns = table.columns.astype(object)
    (folder / "camera_dataframe_smpl").mkdir(parents=True, exist_ok=True)
    table.to_pickle(folder / f"camera_dataframe_smpl/{split}_0_withjv.pkl")
    (folder / "smpl_gt/trainset").mkdir(parents=True, exist_ok=True)
    for scan in range(6):
        (folder / f"smpl_gt/trainset/scan_{scan}.pkl").write_bytes(pickle.dumps(fit(scan)))
    return AGORA(str(folder))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [row(name, list(range(count, 2 * count))) for name, (*_, count) in PICTURES.items()]


@pytest.fixture(scope="module")
def data(rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("data")
    prepare("agora", write(folder, "train", rows), "train", folder, workers=1)
    return Store.open(folder / "train.h5")


def test_the_numbers_come_back_in_the_small_pictures(data: Store, rows: list[dict[str, Any]]) -> None:
    for given in rows:
        name = given["imgPath"].removesuffix(".png")
        found = np.flatnonzero(data["sequence"] == name)
        assert data["image"][found[0]] == f"images/train_0/{name}_1280x720.png"
        np.testing.assert_allclose(data["joints3d"][found], given["gt_joints_3d"], atol=1e-5)
        np.testing.assert_allclose(data["joints2d"][found], np.array(given["gt_joints_2d"]) / 3, rtol=1e-4)
        assert data["gender"][found].tolist() == [2 if one == "female" else 1 for one in given["gender"]]
    assert np.unique(data["image_size"], axis=0).tolist() == [[1280, 720]]


def test_the_camera_sees_the_joints_where_they_are_drawn(data: Store) -> None:
    points = data["joints3d"][..., :2] / data["joints3d"][..., 2:] * data["focal_length"][:, None, None]
    np.testing.assert_allclose(points + data["principal_point"][:, None], data["joints2d"], atol=0.01)


def test_the_root_turns_hips_and_back_as_the_joints_say(data: Store) -> None:
    turned = Rotation.from_rotvec(data["pose"][:, :3]).as_matrix() @ REST.T
    offsets = data["joints3d"][:, 1:4] - data["joints3d"][:, :1]
    np.testing.assert_allclose(turned.swapaxes(1, 2), offsets, atol=1e-5)


def test_fits_are_tensors_and_children_have_none(data: Store) -> None:
    scan = 4
    place = np.flatnonzero((data["sequence"] == "ag_trainset_flowers_5_10_cam02_00001") & (data["person"] == scan - 3))
    np.testing.assert_allclose(data["pose"][place[0], 3:], fit(scan)["body_pose"].detach()[0], atol=1e-6)
    np.testing.assert_allclose(data["betas"][place[0]], fit(scan)["betas"].detach()[0, :10], atol=1e-6)
    assert data["has_smpl"].tolist() == selection(preset("agora_smpl"), "people", data).tolist()
    assert (~data["has_smpl"]).sum() == 3
    assert (~selection(preset("agora_smpl"), "frames", data)).sum() == 1


def test_boxes_are_around_the_joints_inside(data: Store) -> None:
    points, box = data["joints2d"][0], data["box"][0]
    within = points[((points >= 0) & (points < [1280, 720])).all(1)]
    np.testing.assert_allclose(box, [*within.min(0), *np.ptp(within, axis=0)], rtol=1e-5)


def read(reader: AGORA, split: str = "train") -> Any:
    return reader.read(split, reader.parts(split)[0])


def test_the_validation_split_has_one_folder_and_the_large_pictures_their_size(
    tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    write(tmp_path, "validation", rows[:1])
    columns = read(AGORA(str(tmp_path), height=2160), "val")
    assert columns["image"][0] == "images/validation/ag_trainset_flowers_5_10_cam02_00001.png"
    np.testing.assert_allclose(columns["joints2d"], rows[0]["gt_joints_2d"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gt_joints_3d": [np.zeros((127, 3))]}, r"'row 0\.gt_joints_3d\.0' has shape 127 x 3, expected 24 x 3"),
        ({"gt_joints_2d": [np.full((24, 2), np.nan)]}, r"'row 0\.gt_joints_2d\.0' is not finite"),
        ({"gender": ["unknown"]}, "gender 'unknown' is none of"),
        ({"gt_path_smpl": ["smpl_gt/none.obj"]}, r"no fit .*smpl_gt/none\.pkl: unpack AGORA's SMPL fits"),
        ({"Yaw": []}, r"'row 0\.Yaw\.0' is missing"),
        ({"kid": None}, r"'row 0\.kid' is no list"),
        ({"camYaw": np.nan, "imgPath": "ag_trainset_archviz_7.png"}, "'row 0.camYaw' is not known"),
        ({"Yaw": [170.0]}, "hips and fits disagree by"),
    ],
)
def test_a_fault_names_what_is_wrong(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        read(write(tmp_path, "train", [row("ag_trainset_hdri_00002.png", [1]) | change]))
    assert "\n" not in str(caught.value)


def test_a_table_without_joints_names_the_column(tmp_path: Path) -> None:
    bare = {key: value for key, value in row("ag_trainset_hdri_00002.png", [1]).items() if "joints" not in key}
    with pytest.raises(UserError, match="column 'gt_joints_2d' is missing; take the tables with joints"):
        read(write(tmp_path, "train", [bare]))


class Shell:
    def __reduce__(self) -> Any:
        return os.system, ("touch victim",)


@pytest.mark.parametrize("where", ["camera_dataframe_smpl/train_0_withjv.pkl", "smpl_gt/trainset/scan_1.pkl"])
def test_code_in_place_of_data_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    monkeypatch.chdir(tmp_path)
    reader = write(tmp_path, "train", [row("ag_trainset_hdri_00002.png", [1])])
    (tmp_path / where).write_bytes(pickle.dumps({"betas": Shell()}))
    with pytest.raises(UserError, match=r"\.pkl asks for (posix|nt)\.system"):
        read(reader)
    assert not (tmp_path / "victim").exists()


def test_other_heights_do_not_exist() -> None:
    with pytest.raises(UserError, match="pictures of height 720 and 2160, not 1080"):
        AGORA("agora", height=1080)
