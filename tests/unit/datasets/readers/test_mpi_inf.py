"""MPI-INF-3DHP as its authors lay it out: annot.mat and camera.calibration, and annot_data.mat of version 7.3."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import scipy.io
from PIL import Image

from hpe.datasets.readers.mpi_inf import MpiInf
from hpe.datasets.readers.mpi_inf_train import Video, people_of_video
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.joints import joint_set

Stored = Callable[[Reader, str], Store]
FRAMES, CAMERAS = 21, (0, 2)
FOCAL, CENTRE = (1500.0, 1498.0), (1020.0, 1030.0)
FLIP = list(joint_set("mpi_inf_28").flip)


def project(points: np.ndarray) -> np.ndarray:
    return points[..., :2] / points[..., 2:] * FOCAL + CENTRE


def people(*key: int, frames: int = FRAMES, joints: int = 28) -> np.ndarray:
    """Millimetres in front of a camera."""
    return np.random.default_rng(key).uniform([-700, -900, 3000], [700, 900, 4500], (frames, joints, 3))


def annotations(subject: int, sequence: int, frames: int = FRAMES) -> dict[str, Any]:
    cells = {key: np.empty((14, 1), dtype=object) for key in ("annot2", "annot3", "univ_annot3")}
    for camera in range(14):
        points = people(subject, sequence, camera, frames=frames)
        cells["annot2"][camera, 0] = project(points).reshape(frames, 56)
        cells["annot3"][camera, 0] = points.reshape(frames, 84)
        cells["univ_annot3"][camera, 0] = 1.1 * points.reshape(frames, 84)
    return {**cells, "cameras": np.arange(14), "frames": np.arange(frames)[:, None]}


def calibration() -> str:
    """A head line, then seven lines a camera."""
    (fx, fy), (cx, cy) = FOCAL, CENTRE
    lines = ["Skeletool Camera Calibration File V1.0"]
    for camera in range(14):
        lines += [f"name          {camera}", "  sensor      10 10", "  size        2048 2048", "  animated    0"]
        lines += [f"  intrinsic   {fx} 0 {cx} 0 0 {fy} {cy} 0 0 0 1 0 0 0 0 1"]
        lines += ["  extrinsic   1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1", "  radial      0"]
    return "\n".join(lines) + "\n"


def write_recording(folder: Path, subject: int, sequence: int, content: dict[str, Any]) -> Path:
    place = folder / f"S{subject}/Seq{sequence}"
    place.mkdir(parents=True, exist_ok=True)
    scipy.io.savemat(place / "annot.mat", content)
    (place / "camera.calibration").write_text(calibration())
    return place


def write_pictures(folder: Path, names: list[str], size: tuple[int, int]) -> None:
    """As far as readers look at them: headers of empty pictures."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("1", size).save(folder / name, format="PNG")


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mpi_inf_3dhp")
    write_recording(folder, 1, 2, annotations(1, 2))
    outside = annotations(3, 2)
    outside["annot3"][0, 0][10, 3 * 20] += 6000  # the left ankle leaves the first camera's picture
    outside["annot2"][0, 0][10] = project(outside["annot3"][0, 0][10].reshape(28, 3)).ravel()
    write_recording(folder, 3, 2, outside)
    for recording, videos in {"S1/Seq2": CAMERAS, "S3/Seq2": (0,)}.items():
        for camera in videos:
            names = [f"{recording}/imageFrames/video_{camera}/frame_{number:06d}.jpg" for number in (1, 11, 21)]
            write_pictures(folder, names, (2048, 2048))
    write_test_sequence(folder, "TS1")
    write_test_sequence(folder, "TS6")
    return folder


def write_test_sequence(folder: Path, name: str, **change: np.ndarray) -> None:
    """Four frames: valid; valid with a joint outside; not valid; not valid and empty."""
    size = np.array([2048, 2048] if name == "TS1" else [1920, 1080])
    points = people(ord(name[2]), frames=4, joints=17)[:, None]
    pixels = np.random.default_rng(0).uniform(0, size, (4, 1, 17, 2))
    pixels[1, 0, 0] = -3
    pixels[3], points[3] = 0, 0
    arrays = {"annot2": pixels, "annot3": points, "univ_annot3": 1.1 * points}
    arrays["valid_frame"] = np.array([[1.0], [1], [0], [0]])
    arrays["activity_annotation"] = np.ones((4, 1))
    place = folder / "mpi_inf_3dhp_test_set" / name
    place.mkdir(parents=True, exist_ok=True)
    with h5py.File(place / "annot_data.mat", "w", userblock_size=512) as file:
        for key, values in (arrays | change).items():
            file[key] = values
    write_pictures(place, [f"imageSequence/img_{number:06d}.jpg" for number in range(1, 6)], tuple(size))


def test_joints_of_training_are_metres_and_pixels_of_each_camera(official: Path, stored: Stored) -> None:
    store = stored(MpiInf(str(official), cameras=CAMERAS), "train")
    assert store.joint_set == "mpi_inf_28"
    rows = store["sequence"] == "S1_Seq2_video_2"
    points = people(1, 2, 2)[::10]
    np.testing.assert_allclose(store["joints3d"][rows], points / 1000, atol=1e-6)
    np.testing.assert_allclose(store["joints2d"][rows], project(points), atol=1e-3)
    assert store["frame"][rows].tolist() == [0, 10, 20]
    assert store["image"][rows][1] == "S1/Seq2/imageFrames/video_2/frame_000011.jpg"
    assert store["focal_length"][0] == pytest.approx(1499)
    assert store["image_size"][0].tolist() == [2048, 2048]


def test_the_box_is_around_the_17_joints_of_the_benchmark(official: Path, stored: Stored) -> None:
    store = stored(MpiInf(str(official), cameras=CAMERAS), "train")
    joints = [7, 5, 14, 15, 16, 9, 10, 11, 23, 24, 25, 18, 19, 20, 4, 3, 6]
    points = store["joints2d"][:, joints]
    np.testing.assert_allclose(store["box"], np.concatenate([points.min(1), np.ptp(points, axis=1)], 1), atol=1e-3)


def test_who_leaves_the_picture_and_who_comes_behind_the_camera_is_left_out(official: Path, stored: Stored) -> None:
    store = stored(MpiInf(str(official), cameras=CAMERAS), "train")
    assert set(store["sequence"]) == {"S1_Seq2_video_0", "S1_Seq2_video_2", "S3_Seq2_video_0"}
    assert store["frame"][store["sequence"] == "S3_Seq2_video_0"].tolist() == [0, 20]


def test_labels_may_be_of_the_universal_skeleton(official: Path, stored: Stored) -> None:
    store = stored(MpiInf(str(official), cameras=(0,), train_labels="univ_annot3"), "train")
    np.testing.assert_allclose(store["joints3d"][0], 1.1 * people(1, 2, 0)[0] / 1000, atol=1e-6)


def test_fast_videos_may_be_read_at_the_rate_of_the_others(official: Path, stored: Stored) -> None:
    store = stored(MpiInf(str(official), cameras=(0,), equal_rate=True), "train")
    assert store["frame"].tolist() == [0, 20, 0, 20]


def test_frames_without_a_picture_are_left_out() -> None:
    assert len(Video(1, 1, 0).frames(100, 1)) == 100
    assert len(Video(3, 1, 0).frames(12489, 1)) == 12488
    assert Video(6, 2, 2).frames(6145, 1)[-1] == 3910
    assert len(Video(6, 2, 1).frames(6145, 1)) == 6145


def test_left_and_right_are_put_back_where_they_are_crossed() -> None:
    points = people(4, 2, frames=5860)
    content = {"annot3": [points.reshape(-1, 84)], "annot2": [project(points).reshape(-1, 56)]}
    intrinsics = np.array([[FOCAL[0], 0, CENTRE[0]], [0, FOCAL[1], CENTRE[1]], [0, 0, 1]])
    read = {}
    for sequence in (1, 2):
        entries = Entries(Path("annot.mat"), content)
        read[sequence] = people_of_video(Video(4, sequence, 0), entries, "annot3", intrinsics, 1)
    crossed = np.zeros(5860, dtype=bool)
    crossed[3759:5853] = True
    for key in ("joints2d", "joints3d"):
        np.testing.assert_array_equal(read[2][key][~crossed], read[1][key][~crossed])
        np.testing.assert_array_equal(read[2][key][crossed], read[1][key][crossed][:, FLIP])


def test_the_test_set_has_17_joints_and_its_own_cameras(official: Path, stored: Stored) -> None:
    store = stored(MpiInf(str(official)), "test")
    assert store.joint_set == "mpi_inf_17"
    assert store["sequence"].tolist() == ["TS1"] * 3 + ["TS6"] * 3
    np.testing.assert_allclose(store["joints3d"][0], 1.1 * people(ord("1"), frames=4, joints=17)[0] / 1000, atol=1e-6)
    assert store["image"][1] == "mpi_inf_3dhp_test_set/TS1/imageSequence/img_000002.jpg"
    assert store["focal_length"][[0, 3]].tolist() == pytest.approx([1500.17, 1683.98], abs=0.01)
    np.testing.assert_allclose(store["principal_point"][[0, 3]], [[1017.39, 1043.03], [939.86, 560.14]], atol=0.01)


def test_frames_that_are_not_valid_are_there_without_labels(official: Path, stored: Stored) -> None:
    store = stored(MpiInf(str(official), test_labels="annot3"), "test")
    assert store["select_valid"].tolist() == [True, True, False] * 2
    assert store["select_valid_inside"].tolist() == [True, False, False] * 2
    assert store["confidence3d"][:3].mean(1).tolist() == [1, 1, 0]


def first(folder: Path, split: str = "train") -> object:
    reader = MpiInf(str(folder), cameras=(0,))
    return reader.read(split, reader.parts(split)[0])


def test_another_recordings_calibration_is_refused(tmp_path: Path) -> None:
    place = write_recording(tmp_path, 1, 1, annotations(1, 1))
    (place / "camera.calibration").write_text(calibration().replace("1020.0", "1400"))
    with pytest.raises(UserError, match=r"annot\.mat, camera 0: the camera sees joints 380 pixels from their labels"):
        first(tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("annot3", None, r"annot\.mat: 'annot3' is missing"),
        ("annot2", np.nan, r"annot\.mat: 'annot2.0' is not finite in row 4"),
        ("annot3", np.zeros((FRAMES, 51)), r"annot\.mat: 'annot3.0' has shape 21 x 51, expected \? x 84"),
        ("annot2", np.zeros((FRAMES - 1, 56)), "'annot3' has 21 frames of camera 0, annot2 has 20"),
    ],
)
def test_annotations_that_are_none_are_one_line(tmp_path: Path, key: str, value: Any, words: str) -> None:
    content = annotations(1, 1)
    if value is None:
        del content[key]
    elif np.ndim(value):
        content[key][0, 0] = value
    else:
        content[key][0, 0][4, 7] = value
    write_recording(tmp_path, 1, 1, content)
    with pytest.raises(UserError, match=words) as caught:
        first(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no cameras"),
        ("head\nname zero\n", "is not a camera calibration"),
        ("head\nname 0\nintrinsic 1 2 3\n", "is not a camera calibration"),
        (calibration().replace("name          0", "name          77"), "has no camera 0"),
        (calibration().replace("1500.0", "nan"), "holds no cameras"),
    ],
)
def test_a_calibration_that_is_none_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    (write_recording(tmp_path, 1, 1, annotations(1, 1)) / "camera.calibration").write_text(text)
    with pytest.raises(UserError, match=words):
        first(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"annot2": np.zeros((3, 1, 17, 2))}, r"'annot2' has shape 3 x 1 x 17 x 2, expected 4 x 1 x 17 x 2"),
        ({"univ_annot3": np.full((4, 1, 17, 3), np.nan)}, "'univ_annot3' is not finite in row 0"),
        ({"univ_annot3": -np.ones((4, 1, 17, 3))}, "behind the camera"),
    ],
)
def test_a_test_sequence_that_is_none_is_one_line(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    write_test_sequence(tmp_path, "TS1", **change)
    with pytest.raises(UserError, match=words):
        first(tmp_path, "test")


def test_folders_by_other_names_are_left_alone(tmp_path: Path) -> None:
    kept = write_recording(tmp_path, 1, 1, annotations(1, 1))
    kept.rename(kept.with_name("Seq1 (copy)"))
    write_recording(tmp_path, 2, 1, annotations(2, 1))
    assert [part.name for part in MpiInf(str(tmp_path)).parts("train")] == ["S2_Seq1"]


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no S\[1-8\]/Seq\[12\]/annot\.mat"):
        MpiInf(str(tmp_path)).parts("train")
    (write_recording(tmp_path, 1, 1, annotations(1, 1)) / "camera.calibration").unlink()
    with pytest.raises(UserError, match=r"no camera\.calibration beside"):
        MpiInf(str(tmp_path)).parts("train")
    with pytest.raises(UserError, match="labels 'annot4' are none of annot3, univ_annot3"):
        MpiInf(str(tmp_path), train_labels="annot4")
