"""The data file of an EMDB video as its authors lay it out, and what comes out of it."""

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hand_made import predictions, preset, small_body
from scipy.spatial.transform import Rotation

from hpe.datasets.preparation import prepare
from hpe.datasets.readers.emdb import EMDB
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.scoring.card_rows import check_data, scored_rows

FRAMES, WIDTH, HEIGHT = 5, 144, 192


def video(name: str, emdb1: bool, emdb2: bool) -> dict[str, Any]:
    """A video of five frames; the last is not good, and nobody's box is known in the first."""
    random = np.random.default_rng(sum(map(ord, name)))
    extrinsics = np.tile(np.eye(4), (FRAMES, 1, 1))
    extrinsics[:, :3, :3] = Rotation.random(FRAMES, random).as_matrix()
    corner = random.uniform(1, 40, (FRAMES, 2))
    return {
        "gender": "female",
        "name": name,
        "emdb1": emdb1,
        "emdb2": emdb2,
        "n_frames": FRAMES,
        "good_frames_mask": np.arange(FRAMES) < FRAMES - 1,
        "camera": {
            "intrinsics": np.array([[150.0, 0, 70], [0, 160, 90], [0, 0, 1]]),
            "extrinsics": extrinsics,
            "width": WIDTH,
            "height": HEIGHT,
        },
        "smpl": {
            "poses_root": random.normal(size=(FRAMES, 3)),
            "poses_body": random.normal(0, 0.4, (FRAMES, 69)),
            "trans": random.normal(size=(FRAMES, 3)),
            "betas": random.normal(size=10),
        },
        "kp2d": random.uniform(-20, 150, (FRAMES, 24, 2)),
        "bboxes": {
            "bboxes": np.concatenate([corner, corner + 50], axis=1) + np.array([[np.nan], *[[0]] * (FRAMES - 1)]),
            "invalid_idxs": np.array([0]),
        },
    }


def write(folder: Path, content: dict[str, Any]) -> EMDB:
    person, _, rest = content["name"].partition("_")
    path = folder / person / rest / f"{content['name']}_data.pkl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content))
    return EMDB(str(folder))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("data")
    write(folder, video("P1_14_outdoor_climb", emdb1=True, emdb2=False))
    reader = write(folder, video("P0_09_outdoor_walk", emdb1=False, emdb2=True))
    prepare("emdb", reader, "test", folder, workers=1)
    return Store.open(folder / "test.h5")


def test_the_numbers_come_back_in_the_camera_frame(data: Store) -> None:
    given, rows = video("P1_14_outdoor_climb", True, False), slice(FRAMES, None)
    assert data["image"][FRAMES + 2] == "P1/14_outdoor_climb/images/00002.jpg"
    assert data["sequence"][rows].tolist() == ["P1_14_outdoor_climb"] * FRAMES
    turns = Rotation.from_matrix(given["camera"]["extrinsics"][:, :3, :3])
    root = turns * Rotation.from_rotvec(given["smpl"]["poses_root"])
    assert (Rotation.from_rotvec(data["pose"][rows, :3]).inv() * root).magnitude().max() < 1e-5
    np.testing.assert_allclose(data["pose"][rows, 3:], given["smpl"]["poses_body"], atol=1e-6)
    np.testing.assert_allclose(data["betas"][rows][3], given["smpl"]["betas"], atol=1e-6)
    np.testing.assert_allclose(data["joints2d"][rows], given["kp2d"], rtol=1e-5)
    assert data["confidence2d"][rows].all(1).tolist() == [True, True, True, True, False]
    assert data["gender"].tolist() == [2] * len(data)
    assert data["image_size"][0].tolist() == [WIDTH, HEIGHT]
    assert (data["focal_length"][0], *data["principal_point"][0]) == (155, 70, 90)


def test_boxes_are_the_given_ones_where_they_are_valid(data: Store) -> None:
    given = video("P1_14_outdoor_climb", True, False)
    corners, points = given["bboxes"]["bboxes"], given["kp2d"][0]
    within = points[((points >= 0) & (points < [WIDTH, HEIGHT])).all(1)]
    np.testing.assert_allclose(data["box"][FRAMES + 1], [*corners[1, :2], 50, 50], rtol=1e-5)
    np.testing.assert_allclose(data["box"][FRAMES], [*within.min(0), *np.ptp(within, axis=0)], rtol=1e-5)


@pytest.mark.parametrize(("name", "first"), [("emdb1", FRAMES), ("emdb2", 0)])
def test_protocols_find_their_good_frames(data: Store, name: str, first: int) -> None:
    card = preset(name)
    check_data(card, data, dict.fromkeys(("neutral", "male", "female"), small_body(0)))
    assert np.flatnonzero(scored_rows(card, data, predictions(data)) >= 0).tolist() == list(range(first, first + 4))


@pytest.mark.parametrize(
    ("where", "key", "value", "words"),
    [
        ("smpl", "poses_body", np.zeros((FRAMES, 63)), r"'smpl\.poses_body' has shape 5 x 63, expected 5 x 69"),
        ("smpl", "betas", np.full(10, np.nan), r"'smpl\.betas' is not finite"),
        ("camera", "extrinsics", np.zeros((FRAMES, 4, 4)), "the camera of frame 0 is no rotation"),
        ("camera", "width", "wide", r"'camera\.width' is no array of numbers"),
        ("bboxes", "bboxes", None, r"'bboxes\.bboxes' is no array of numbers"),
        ("bboxes", "invalid_idxs", np.array([5]), r"'bboxes\.invalid_idxs' names a frame that is not there"),
    ],
)
def test_a_fault_names_the_file_and_what_is_wrong(tmp_path: Path, where: str, key: str, value: Any, words: str) -> None:
    content = video("P1_14_outdoor_climb", True, False)
    content[where][key] = value
    reader = write(tmp_path, content)
    with pytest.raises(UserError, match=rf"P1_14_outdoor_climb_data\.pkl: .*{words}"):
        reader.read("test", reader.parts("test")[0])


class Shell:
    def __reduce__(self) -> Any:
        return os.system, ("touch victim",)


def test_code_in_place_of_data_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reader = write(tmp_path, video("P1_14_outdoor_climb", True, False) | {"smpl": Shell()})
    with pytest.raises(UserError, match=r"_data\.pkl asks for (posix|nt)\.system"):
        reader.read("test", reader.parts("test")[0])
    assert not (tmp_path / "victim").exists()


def test_without_files_the_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=rf"no P\*/\*/\*_data\.pkl in {tmp_path}"):
        EMDB(str(tmp_path)).parts("test")
