"""Databases of VIBE as joblib writes them, a data set each, and what comes out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from joblib_file import dump

from hpe.datasets.readers.vibe_db import VibeDatabase
from hpe.errors import UserError
from hpe.joints import joint_map, joint_set

SPIN = joint_set("spin_49")
TRACKS = {"downtown_bus_00_0": 19, "downtown_bus_00_1": 16, "courtyard_golf_00_0": 5}
FRAMES = sum(TRACKS.values())


def database(**more: Any) -> dict[str, Any]:
    """Three tracks; the first begins at frame 7 of its video."""
    random = np.random.default_rng(0)
    frames = np.concatenate([np.arange(7, 26), np.arange(16), np.arange(5)])
    names = [f"{name[:-2]}/image_{frame:05}.jpg" for name, frame in zip(np.repeat(*_tracks()), frames, strict=True)]
    return {
        "vid_name": np.repeat(*_tracks()),
        "frame_id": frames,
        "img_name": np.array([f"/home/you/data/3dpw/imageFiles/{name}" for name in names]),
        "bbox": random.uniform(50, 60, (FRAMES, 4)).astype(np.float32),
        "features": random.normal(size=(FRAMES, 2048)).astype(np.float32),
        **more,
    }


def _tracks() -> tuple[np.ndarray, list[int]]:
    return np.array(list(TRACKS)), list(TRACKS.values())


def joints(count: int, numbers: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.1, 1, (FRAMES, count, numbers)).astype(np.float32)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def read(said: dict[str, Any], content: str = "3dpw", **settings: str) -> dict[str, np.ndarray]:
        dump(tmp_path / "3dpw_test_db.pt", said, monkeypatch)
        settings = {"cut": "imageFiles", **settings}
        reader = VibeDatabase(str(tmp_path), file="3dpw_test_db.pt", split="test", content=content, **settings)
        return dict(reader.read("test", reader.parts("test")[0]))

    return read


# Rows of a store are sorted by sequence, person and frame.
ORDER = [*range(35, 40), *range(35)]


def test_3dpw_comes_back_with_sequences_and_actors(read):
    points, pixels = joints(14, 3), joints(14, 3, 2)
    pixels[:, 12:, 2] = 0  # neck and head top have no confidence there
    pose, shape = np.full((FRAMES, 72), 0.1, np.float32), np.full((FRAMES, 10), 0.2, np.float32)
    valid = np.arange(FRAMES) % 2
    said = database(joints3D=points, joints2D=pixels, pose=pose, shape=shape, valid=valid)
    people = read(said, selection="vibe_db")
    assert people["sequence"].tolist() == ["courtyard_golf_00"] * 5 + ["downtown_bus_00"] * 35
    assert people["person"].tolist() == [0] * 5 + [0] * 19 + [1] * 16
    assert people["frame"].tolist() == said["frame_id"][ORDER].tolist()
    assert people["image"][0] == "imageFiles/courtyard_golf_00/image_00000.jpg"
    np.testing.assert_allclose(people["box"][:, :2] + people["box"][:, 2:] / 2, said["bbox"][ORDER, :2], rtol=1e-6)
    np.testing.assert_array_equal(people["box"][:, 2:], said["bbox"][ORDER, 2:])
    np.testing.assert_array_equal(people["pose"], pose)
    assert people["select_campose_valid"].tolist() == (valid[ORDER] > 0).tolist()
    np.testing.assert_array_equal(people["joints2d"][:, 25:37], pixels[ORDER, :12, :2])
    assert not people["confidence2d"][:, [37, 38]].any()
    evaluated = people["joints3d"][:, list(joint_map("spin_49", "j14"))]
    centre = points[:, 2:4].mean(1, keepdims=True)
    np.testing.assert_allclose(evaluated, (points - centre)[ORDER], atol=1e-6)
    assert people["confidence3d"].sum() == 14 * FRAMES


def test_vibes_people_are_those_of_whole_windows(read):
    kept = read(database(joints2D=joints(14, 3)), selection="vibe_db")["select_vibe_db"]
    assert kept.tolist() == [False] * 5 + [True] * 16 + [False] * 3 + [True] * 16


def test_the_heads_of_motion_capture_go_to_spins_slots(read):
    """VIBE: head top in slot 13, head at the height of the nose in slot 18, nothing in 17; SPIN: 18, 17, 13."""
    said = database(joints3D=joints(49, 3), joints2D=joints(49, 3, 2))
    said["joints2D"][:, 25 + 17, 2] = 0
    for content, source in (("mpii3d", "mpi_inf_28"), ("h36m", "h36m_17")):
        people = read(said, content)
        for name, slot in (("head", 13), ("jaw", 18)):
            place = SPIN.index(name)[0]
            np.testing.assert_array_equal(people["joints3d"][:, place], said["joints3D"][ORDER, 25 + slot])
            np.testing.assert_array_equal(people["joints2d"][:, place], said["joints2D"][ORDER, 25 + slot, :2])
        assert not people["confidence2d"][:, SPIN.index("headtop")].any()
        filled = [25 + slot for slot, joint in enumerate(joint_map(source, "spin_j24")) if joint >= 0]
        assert np.flatnonzero(people["confidence3d"].all(0)).tolist() == filled
        assert SPIN.index("pelvis")[0] in filled
    smpl = read(said, "3dpw")
    assert smpl["confidence3d"].all()


def test_penn_action_and_posetrack_have_no_frame_numbers(read):
    said = database(joints2D=joints(14, 3))
    del said["frame_id"]
    people = read(said | {"vid_name": np.repeat(["0001", "0002", "0003"], list(TRACKS.values()))}, "penn")
    assert people["sequence"].tolist() == ["0001"] * 19 + ["0002"] * 16 + ["0003"] * 5
    assert people["frame"].tolist() == [*range(19), *range(16), *range(5)]
    assert not people["person"].any()


def test_numbers_keep_their_precision(read):
    points = joints(49, 3) + np.float32(7)  # where 16 bits are 4 mm apart
    people = read(database(joints3D=points, joints2D=joints(49, 3, 2)), "mpii3d")
    np.testing.assert_array_equal(people["joints3d"][:, SPIN.index("pelvis")[0]], points[ORDER, 39])


@pytest.mark.parametrize(
    ("change", "content", "words"),
    [
        ({}, "3dwp", "content=3dwp of a VIBE database; did you mean '3dpw'"),
        ({"joints2D": np.zeros((FRAMES, 25, 3))}, "posetrack", "'joints2D' has 25 joints, expected 14 or 49"),
        ({"bbox": np.zeros((FRAMES, 4))}, "3dpw", "column 'box', row 0: not finite or without area"),
        ({"img_name": None}, "3dpw", "'img_name' is missing"),
        ({"frame_id": np.full(FRAMES, 1e30)}, "3dpw", "'frame_id' is no whole number from 0 to"),
        ({"vid_name": np.array(["a"])}, "3dpw", f"'vid_name' has 1 entries, expected {FRAMES}"),
    ],
)
def test_what_is_wrong_is_one_line(read, change, content, words):
    said = {key: values for key, values in database(**change).items() if values is not None}
    with pytest.raises(UserError, match=words) as caught:
        read(said, content)
    assert "\n" not in str(caught.value)
