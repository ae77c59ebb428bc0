"""The archive of a scene of BEDLAM as its authors lay it out, and what comes out of it."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from official_smplx import write_smplx

from hpe.bodies.smplx_skeleton import SMPLXSkeleton
from hpe.datasets.manifest import read_manifest
from hpe.datasets.preparation import prepare
from hpe.datasets.readers.bedlam import BEDLAM
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.geometry.crops import square_crop
from hpe.geometry.intrinsics import pinhole_points

SCENE, CLOSEUP = "20221010_3_1000_batch01hand", "20221019_1_250_highbmihand_closeup_suburb_b"
PEOPLE, FOCAL = 5, 1558.0


def labels(scene: str) -> dict[str, np.ndarray]:
    """Two people in two frames of one sequence and one in another, upright pictures."""
    random = np.random.default_rng(len(scene))
    size = np.array([720, 1280] if "closeup" in scene else [1280, 720])
    corner = random.uniform(0.2, 0.6, (PEOPLE, 1, 2)) * size
    points = corner + random.uniform(0, 150, (PEOPLE, 127, 2))
    camera = np.tile(np.diag([FOCAL, FOCAL, 1.0]), (PEOPLE, 1, 1))
    camera[:, :2, 2] = size / 2
    names = ["seq_000001/seq_000001_0005.png"] * 2 + ["seq_000000/seq_000000_0000.png"]
    names += ["seq_000001/seq_000001_0000.png"] * 2
    return {
        "imgname": np.array(names),
        "center": points.mean(1),
        "scale": 1.2 * np.ptp(points, axis=1).max(1) / 200,
        "pose_cam": random.normal(size=(PEOPLE, 165)),
        "pose_world": random.normal(size=(PEOPLE, 165)),
        "shape": random.normal(size=(PEOPLE, 11)),
        "trans_cam": random.normal(size=(PEOPLE, 3)),
        "gtkps": np.concatenate([points, np.ones((PEOPLE, 127, 1))], axis=2),
        "cam_int": camera,
        "cam_ext": np.tile(np.eye(4), (PEOPLE, 1, 1)),
        "gender": np.array(["neutral"] * PEOPLE, dtype=object),
        "sub": np.array(["rp_b", "rp_a", "rp_c", "rp_a", "rp_b"], dtype=object),
        "motion_info": np.array([None] * PEOPLE, dtype=object),
    }


def write(folder: Path, *scenes: str, **changes: Any) -> BEDLAM:
    (folder / "all_npz_12_training").mkdir(parents=True)
    for scene in scenes:
        np.savez(folder / f"all_npz_12_training/{scene}.npz", **labels(scene) | changes)
        (folder / f"training_images/{scene}_{30 if 'closeup' in scene else 6}fps/png").mkdir(parents=True)
    return BEDLAM(str(folder), str(folder.parent / "smplx/SMPLX_NEUTRAL.npz"))


def in_space(scene: str, model: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """People whose labels agree: their joints in the upright camera, and what differs from `labels` in the picture."""
    given, random = labels(scene), np.random.default_rng(1)
    place, moved = random.uniform((-1, -1, 5), (1, 1, 6), (PEOPLE, 3)), np.tile(np.eye(4), (PEOPLE, 1, 1))
    moved[:, :3, 3] = random.normal(size=(PEOPLE, 3)) / 3
    joints = SMPLXSkeleton.read(model).posed(given["pose_cam"], given["shape"]) + (place + moved[:, :3, 3])[:, None]
    pixels = pinhole_points(joints, np.full((PEOPLE, 2), FOCAL), given["cam_int"][:, :2, 2])
    points = np.concatenate([pixels, given["gtkps"][:, 55:, :2]], axis=1)
    gtkps = np.concatenate([points, np.ones((PEOPLE, 127, 1))], axis=2)
    return joints, {"trans_cam": place, "cam_ext": moved, "gtkps": gtkps}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_smplx(tmp_path / "smplx", vertices=60)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("data") / "bedlam"
    prepare("bedlam", write(folder, SCENE, CLOSEUP), "train", folder, workers=1)
    return Store.open(folder / "train.h5")


def test_people_are_rows_by_sequence_person_and_frame(data: Store) -> None:
    assert data["sequence"][:5].tolist() == [f"{SCENE}/seq_000000", *[f"{SCENE}/seq_000001"] * 4]
    assert data["person"][:5].tolist() == [0, 0, 0, 1, 1]
    assert data["frame"][:5].tolist() == [0, 0, 5, 0, 5]
    assert data["image"][1] == f"training_images/{SCENE}_6fps/png/seq_000001/seq_000001_0000.png"
    assert data["image"][5].startswith(f"training_images/{CLOSEUP}_30fps/png/")


def test_the_numbers_come_back(data: Store) -> None:
    given, order = labels(SCENE), [2, 3, 1, 4, 0]
    np.testing.assert_allclose(data["joints2d"][:5], given["gtkps"][order, :55, :2], rtol=1e-5)
    crops = [square_crop(box, 1.2) for box in data["box"][:5]]
    np.testing.assert_allclose(crops, np.column_stack([given["center"], 200 * given["scale"]])[order], rtol=1e-4)
    assert data["focal_length"].tolist() == [FOCAL] * len(data)
    assert data["principal_point"][0].tolist() == [640, 360]
    assert (data.joint_set, "pose" in data) == ("smplx_55", False)


def test_labels_of_close_ups_lie_where_the_stored_picture_shows_them(data: Store) -> None:
    stored = np.zeros((720, 1280), dtype=int)
    upright = labels(CLOSEUP)["gtkps"][2, :55, :2].astype(int)
    for joint, (x, y) in enumerate(upright):
        np.rot90(stored, -1)[y, x] = joint + 1
    for joint, (x, y) in enumerate(data["joints2d"][5].astype(int)):
        assert joint + 1 in stored[y - 1 : y + 2, x - 1 : x + 2]
    assert data["principal_point"][5].tolist() == [640, 360]
    assert data["image_size"][5].tolist() == [1280, 720]


def read(reader: BEDLAM) -> Any:
    return reader.read("train", reader.parts("train")[0])


@pytest.mark.parametrize("scene", [SCENE, CLOSEUP])
def test_joints_in_space_are_where_the_stored_picture_shows_them(tmp_path: Path, model: Path, scene: str) -> None:
    joints, changes = in_space(scene, model)
    people = read(write(tmp_path / "bedlam", scene, **changes))
    pixels = pinhole_points(people["joints3d"], np.full((PEOPLE, 2), FOCAL), people["principal_point"])
    np.testing.assert_allclose(pixels, people["joints2d"], atol=0.01)
    assert (people["confidence3d"] == 1).all()
    upright = joints[[2, 3, 1, 4, 0]]
    expected = upright @ [[0, -1, 0], [1, 0, 0], [0, 0, 1]] if scene == CLOSEUP else upright
    np.testing.assert_allclose(people["joints3d"], expected, atol=1e-5)


def test_a_joint_beside_its_label_is_not_trusted(tmp_path: Path, model: Path) -> None:
    changes = in_space(SCENE, model)[1]
    side = 200 * labels(SCENE)["scale"] / 1.2
    changes["gtkps"][2, 30, 0] += 0.9 * side[2] / 100
    changes["gtkps"][2, 40, 0] += 1.1 * side[2] / 100
    people = read(write(tmp_path / "bedlam", SCENE, **changes))
    assert np.argwhere(people["confidence3d"] == 0).tolist() == [[0, 40]]
    assert np.argwhere((people["joints3d"] == 0).all(-1)).tolist() == [[0, 40]]


def test_joints_around_hips_that_are_not_trusted_are_none(tmp_path: Path, model: Path) -> None:
    changes = in_space(SCENE, model)[1]
    changes["gtkps"][2, 1, 1] += 100
    people = read(write(tmp_path / "bedlam", SCENE, **changes))
    assert people["confidence3d"].sum(1).tolist() == [0, 55, 55, 55, 55]


def test_somebody_behind_the_camera_is_not_trusted(tmp_path: Path, model: Path) -> None:
    changes = in_space(SCENE, model)[1]
    changes["trans_cam"][0] -= 20
    assert (read(write(tmp_path / "bedlam", SCENE, **changes))["confidence3d"] == 0).sum() == 55


def test_another_model_is_refused(tmp_path: Path, model: Path) -> None:
    reader = write(tmp_path / "bedlam", SCENE, **in_space(SCENE, model)[1])
    write_smplx(tmp_path / "smplx", seed=1, vertices=60)
    with pytest.raises(UserError, match=r"NEUTRAL\.npz is not the SMPL-X of .*hand\.npz: the median .* \S+ pixels"):
        read(reader)
    write_smplx(tmp_path / "smplx", vertices=60, directions=20)
    with pytest.raises(UserError, match=r"hand\.npz: 'shape' has 11 betas, of which .*NEUTRAL\.npz knows 10"):
        read(reader)


def test_a_store_without_joints_in_space_is_made_again_once_the_model_is_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = write_smplx(tmp_path / "downloads", vertices=60)
    folder = tmp_path / "bedlam"
    reader = write(folder, SCENE, **in_space(SCENE, model)[1])
    prepare("bedlam", reader, "train", folder, workers=1)
    assert "joints3d" not in Store.open(folder / "train.h5")
    assert [line for line in caplog.messages if "smplx/SMPLX_NEUTRAL.npz: joints in 2D only" in line]
    caplog.clear()
    model.parent.rename(tmp_path / "smplx")
    prepare("bedlam", reader, "train", folder, workers=1)
    store, manifest = Store.open(folder / "train.h5"), read_manifest(folder / "train.h5")
    assert store["joints3d"].shape == (PEOPLE, 55, 3)
    assert manifest is not None
    assert list(manifest["files"]) == [f"all_npz_12_training/{SCENE}.npz", "../smplx/SMPLX_NEUTRAL.npz"]
    assert not [line for line in caplog.messages if "2D only" in line]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gtkps": np.zeros((PEOPLE, 24, 3))}, "'gtkps' has shape 5 x 24 x 3, expected 5 x 127"),
        ({"cam_int": np.full((PEOPLE, 3, 3), np.nan)}, "'cam_int' is not finite"),
        ({"imgname": np.array(["a.png"] * PEOPLE)}, "'imgname' 'a.png' is no picture like seq_000000/"),
        ({"center": np.zeros((PEOPLE, 2), dtype=object)}, "'center' is no array of numbers"),
        ({"sub": np.array(["rp_a"])}, "'sub' has 1 entries, expected 5"),
    ],
)
def test_a_fault_names_the_file_and_what_is_wrong(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=rf"hand\.npz: .*{words}"):
        read(write(tmp_path, SCENE, **changes))


def test_missing_pictures_and_labels_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no all_npz_12_training/\*\.npz in"):
        BEDLAM(str(tmp_path)).parts("train")
    reader = write(tmp_path, SCENE)
    (tmp_path / f"training_images/{SCENE}_6fps/png").rmdir()
    with pytest.raises(UserError, match=rf"no training_images/{SCENE}_6fps/png or _30fps/png"):
        read(reader)


class Shell:
    def __reduce__(self) -> Any:
        return os.system, ("touch victim",)


def test_code_among_names_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    evil = np.array([Shell()] * PEOPLE, dtype=object)
    with pytest.raises(UserError, match=r"hand\.npz asks for (posix|nt)\.system"):
        read(write(tmp_path, SCENE, sub=evil))
    assert not (tmp_path / "victim").exists()
