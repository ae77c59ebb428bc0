"""Archives of AMASS as its authors lay them out, prepared into a store of motions, and what is drawn from it."""

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import numpy as np
import pytest

from hpe.datasets.motion_preparation import MotionSource
from hpe.datasets.motions import Motions
from hpe.datasets.readers.amass import AMASS
from hpe.errors import UserError


def motion(frames: int, rate: float = 120.0, **changes: Any) -> dict[str, Any]:
    """Poses count up from frame to frame, so that a frame is known by its numbers."""
    random = np.random.default_rng(frames)
    poses = np.arange(frames)[:, None] * 0.001 + np.arange(156) * 0.01
    content = {
        "poses": poses,
        "trans": random.normal(size=(frames, 3)),
        "betas": random.normal(size=16),
        "dmpls": random.normal(size=(frames, 8)),
        "gender": np.array("female"),
        "mocap_framerate": np.array(rate),
    }
    return content | changes


def write(folder: Path, name: str, content: dict[str, Any]) -> None:
    path = folder / f"{name}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{key: value for key, value in content.items() if value is not None})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "amass"
    write(root, "MPI_HDM05/bk/walk_poses", motion(480))
    write(root, "MPI_HDM05/bk/jump_poses", motion(100))  # 25 frames at 30 Hz: too short
    write(root, "MPI_HDM05/bk/shape", {"betas": np.zeros(16)})
    write(root, "ACCAD/s001/run_poses", motion(650, rate=250.0, gender=np.array(b"male")))
    write(root, "ACCAD/s002/stand_poses", motion(70, rate=30.0))
    return root


def prepared(folder: Path, **settings: Any) -> Motions:
    source = MotionSource("amass", str(folder), splits=[], reader=AMASS(str(folder), **settings))
    source.prepare(workers=1)
    return Motions.open(folder / "motions.h5")


def test_the_numbers_come_back_at_about_30_hz(folder: Path) -> None:
    motions = prepared(folder)
    assert motions["name"].tolist() == ["ACCAD/s001/run", "ACCAD/s002/stand", "MPI_HDM05/bk/walk"]
    assert motions["subset"].tolist() == ["ACCAD", "ACCAD", "HDM05"]
    assert motions["length"].tolist() == [65, 70, 120]
    assert motions["rate"].tolist() == [25, 30, 30]
    assert motions["gender"].tolist() == [1, 2, 2]
    given, frames = motion(480), slice(135, 255)
    joints = [*range(22), 22, 37]
    np.testing.assert_allclose(
        motions.pose[frames].reshape(-1, 24, 3), given["poses"].reshape(-1, 52, 3)[::4, joints], rtol=1e-6
    )
    np.testing.assert_allclose(motions.trans[frames], given["trans"][::4], rtol=1e-6)
    np.testing.assert_allclose(motions["betas"][2], given["betas"][:10], rtol=1e-6)
    manifest = json.loads((folder / "motions.manifest.json").read_text())
    assert (manifest["people"], manifest["sequences"]) == (255, {"ACCAD": 135, "HDM05": 120})


def test_preparing_again_does_nothing_until_a_file_changes(folder: Path) -> None:
    stamps = [prepared(folder).path.stat().st_mtime_ns for _ in range(2)]
    assert stamps[0] == stamps[1]
    write(folder, "ACCAD/s002/stand_poses", motion(80, rate=30.0))
    assert prepared(folder)["length"].tolist() == [65, 80, 120]


def test_an_interrupted_preparation_goes_on_to_the_same_bytes(folder: Path) -> None:
    whole, broken = prepared(folder).path.read_bytes(), folder / "MPI_HDM05/bk/walk_poses.npz"
    (folder / "motions.h5").unlink()
    broken.write_bytes(broken.read_bytes()[:1000])
    with pytest.raises(UserError, match=r"walk_poses\.npz"):
        prepared(folder)
    assert len(list((folder / ".motions.parts").glob("*.npz"))) == 2
    write(folder, "MPI_HDM05/bk/walk_poses", motion(480))
    assert prepared(folder).path.read_bytes() == whole
    assert {path.name for path in folder.glob("*motions*")} == {"motions.h5", "motions.manifest.json", ".motions.lock"}


def test_a_full_disk_is_one_line_and_leaves_what_was_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
        with pytest.raises(UserError, match=r"cannot prepare amass motions in .*No space left.*paths\.data=FOLDER"):
            prepared(folder)
    assert len(list((folder / ".motions.parts").glob("*.npz"))) == 3
    assert len(prepared(folder)) == 3


def test_subsets_go_by_today_s_names_and_former_ones(folder: Path) -> None:
    assert set(prepared(folder, subsets=("HDM05",))["subset"]) == {"HDM05"}
    assert set(prepared(folder, subsets=("MPI_HDM05", "ACCAD"))["subset"]) == {"HDM05", "ACCAD"}
    with pytest.raises(UserError, match=r"no subset HDM of AMASS in .*did you mean 'HDM05'"):
        prepared(folder, subsets=("HDM",))


def test_clips_are_runs_of_frames_of_one_motion(folder: Path) -> None:
    motions = prepared(folder)
    clips, of = motions.sample_clips(200, 66, np.random.default_rng(0))
    steps = np.diff(clips[..., 0], axis=1)
    assert set(of) == {1, 2}
    np.testing.assert_allclose(steps, np.where(of == 1, 0.001, 0.004)[:, None] * np.ones((1, 65)), atol=1e-5)
    assert np.array_equal(motions.sample_clips(200, 66, np.random.default_rng(0))[0], clips)
    with pytest.raises(UserError, match=r"no motion in .* has 121 frames"):
        motions.sample_clips(1, 121, np.random.default_rng(0))


def test_poses_are_drawn_from_all_frames_alike(folder: Path) -> None:
    motions = prepared(folder)
    drawn = motions.sample_poses(2000, np.random.default_rng(0))
    assert drawn.shape == (2000, 72)
    share = (drawn[:, 0] > 0.2).mean()
    assert abs(share - (motions.pose[:, 0] > 0.2).mean()) < 0.04


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"poses": np.zeros((200, 165))}, "'poses' has shape 200 x 165, expected .* x 156"),
        ({"poses": np.full((200, 156), np.nan)}, "'poses' is not finite"),
        ({"trans": None}, "'trans' is missing"),
        ({"mocap_framerate": None}, "'mocap_framerate' is missing"),
        ({"mocap_framerate": np.array(0.0)}, "'mocap_framerate' is no frame rate"),
        ({"gender": np.array("other")}, "gender 'other' is none of"),
        ({"trans": np.zeros((199, 3))}, "'trans' has shape 199 x 3, expected 200 x 3"),
        ({"betas": np.zeros(8)}, "'betas' has 8 numbers, expected at least 10"),
    ],
)
def test_a_fault_names_the_file_and_what_is_wrong(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    write(tmp_path, "ACCAD/s001/run_poses", motion(200) | changes)
    with pytest.raises(UserError, match=rf"run_poses\.npz: .*{words}"):
        prepared(tmp_path)
    assert not (tmp_path / "motions.h5").exists()


def test_nothing_to_read_is_named(tmp_path: Path) -> None:
    reader, terms = AMASS(str(tmp_path)), {"licence": "its own", "obtain": "register"}
    with pytest.raises(UserError, match=r"no \*/\*/\*_poses\.npz in .*; licence: its own; register"):
        MotionSource("amass", str(tmp_path), reader=reader, **terms).prepare(workers=1)
    write(tmp_path, "ACCAD/s001/run_poses", motion(20))
    with pytest.raises(UserError, match=r"no motion in .* is long enough"):
        prepared(tmp_path)
    with pytest.raises(UserError, match=r"run: python -m hpe\.prepare data=amass"):
        Motions.open(tmp_path / "motions.h5")


class Shell:
    def __reduce__(self) -> Any:
        return os.system, ("touch victim",)


def test_code_in_place_of_data_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "ACCAD/s001/run_poses", motion(200) | {"gender": np.array([Shell()], dtype=object)})
    with pytest.raises(UserError, match=r"run_poses\.npz asks for (posix|nt)\.system"):
        prepared(tmp_path)
    assert not (tmp_path / "victim").exists()


def test_a_broken_store_is_one_line(folder: Path) -> None:
    path = prepared(folder).path
    data = path.read_bytes()
    for tenth in range(10):
        path.write_bytes(data[: len(data) * tenth // 10])
        with pytest.raises(UserError, match="cannot be read as motions") as caught:
            Motions.open(path)
        assert "\n" not in str(caught.value)
    path.write_bytes(data)
    with h5py.File(path, "r+") as file:
        file["length"][0] = 66
    with pytest.raises(UserError, match="'length' does not add up to the frames"):
        Motions.open(path)
