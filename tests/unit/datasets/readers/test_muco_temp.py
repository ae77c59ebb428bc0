"""MuCo-Temp as its authors lay it out: a pickle of clips a camera, and one of where their people come from."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hpe.datasets.readers.muco_temp import MuCoTemp
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
FRAMES = 6
# How many people the clips of each camera show.
PEOPLE = {0: (2, 3), 4: (1, 2)}


def focal(person: int) -> np.ndarray:
    return np.array([1490.0, 1500]) + 10 * person


def points(camera: int, clip: int) -> np.ndarray:
    """Millimetres, frames x people x joints x axes."""
    shape = (FRAMES, PEOPLE[camera][clip], 17, 3)
    return np.random.default_rng([camera, clip]).uniform([-1500, -900, 3000], [1500, 900, 6000], shape)


def labels(camera: int, clip: int) -> dict[str, np.ndarray]:
    measured = points(camera, clip)
    cameras = np.array([focal(person) for person in range(measured.shape[1])])[:, None]
    pixels = measured[..., :2] / measured[..., 2:] * cameras + 1024
    return {"annot2": pixels, "annot3": measured, "univ_annot3": 0.9 * measured}


def write(folder: Path, camera: int, clips: Any) -> None:
    place = folder / f"frames/cam_{camera}"
    place.mkdir(parents=True, exist_ok=True)
    (place / "gt.pkl").write_bytes(pickle.dumps(clips))


@pytest.fixture
def official(tmp_path: Path) -> Path:
    origins = [
        [[(1, 1, 100 * person) for person in range(count)] for count in PEOPLE.get(camera, ())] for camera in range(5)
    ]
    (tmp_path / "sequence_meta.pkl").write_bytes(pickle.dumps(origins, protocol=2))
    for camera in PEOPLE:
        write(tmp_path, camera, [labels(camera, clip) for clip in range(2)])
        for clip in range(2):
            pictures = tmp_path / f"frames/cam_{camera}/vid_{clip}"
            pictures.mkdir(parents=True)
            for frame in range(FRAMES):
                Image.new("1", (2048, 2048)).save(pictures / f"img_{frame:04d}.jpg", format="PNG")
    return tmp_path


def test_people_come_one_after_another_in_metres(official: Path, stored: Stored) -> None:
    store = stored(MuCoTemp(str(official)), "train")
    assert len(store) == FRAMES * 8
    rows = store["sequence"] == "cam_0_vid_1"
    assert store["person"][rows].tolist() == np.repeat([0, 1, 2], FRAMES).tolist()
    np.testing.assert_allclose(store["joints3d"][rows], np.concatenate(points(0, 1).swapaxes(0, 1)) / 1000, atol=1e-6)
    expected = np.concatenate(labels(0, 1)["annot2"].swapaxes(0, 1))
    np.testing.assert_allclose(store["joints2d"][rows], expected, atol=1e-3)
    assert store["image"][rows][1] == "frames/cam_0/vid_1/img_0001.jpg"


def test_each_person_has_the_camera_of_his_own_video(official: Path, stored: Stored) -> None:
    store = stored(MuCoTemp(str(official)), "train")
    np.testing.assert_allclose(store["focal_length"], [focal(person).mean() for person in store["person"]], atol=1e-3)
    np.testing.assert_allclose(store["principal_point"], np.full((len(store), 2), 1024), atol=1e-3)


def test_labels_and_frames_may_be_chosen(official: Path, stored: Stored) -> None:
    store = stored(MuCoTemp(str(official), frame_step=4, labels="univ_annot3"), "train")
    assert store["frame"][:4].tolist() == [0, 4, 0, 4]
    np.testing.assert_allclose(store["joints3d"][1], 0.9 * points(0, 0)[4, 0] / 1000, atol=1e-6)


def test_who_comes_behind_the_camera_is_left_out_of_these_frames(official: Path, stored: Stored) -> None:
    behind = labels(0, 0)
    behind["annot3"][3:5, 1, :, 2] *= -1
    write(official, 0, [behind, labels(0, 1)])
    store = stored(MuCoTemp(str(official)), "train")
    rows = (store["sequence"] == "cam_0_vid_0") & (store["person"] == 1)
    assert store["frame"][rows].tolist() == [0, 1, 2, 5]


class Shell:
    def __reduce__(self) -> Any:
        return eval, ("1",)


def without(key: str) -> list[dict[str, np.ndarray]]:
    return [{name: values for name, values in labels(0, clip).items() if name != key} for clip in range(2)]


def faulty(value: float) -> list[dict[str, np.ndarray]]:
    clips = [labels(0, clip) for clip in range(2)]
    clips[1]["annot3"][2, 0, 0, 0] = value
    return clips


@pytest.mark.parametrize(
    ("clips", "words"),
    [
        (Shell(), "builtins.eval"),
        ([labels(0, 0)], "is no list of 2 clips"),
        ([labels(0, 0), labels(0, 0)], r"'1\.annot2' has shape 6 x 2 x 17 x 2, expected \? x 3"),
        (without("annot2"), r"'0\.annot2' is missing"),
        (faulty(np.nan), r"'1\.annot3' is not finite in row 2"),
        ([1, 2], "holds no named entries"),
    ],
)
def test_clips_that_are_none_are_one_line(official: Path, clips: Any, words: str) -> None:
    write(official, 0, clips)
    reader = MuCoTemp(str(official))
    with pytest.raises(UserError, match=words) as caught:
        reader.read("train", reader.parts("train")[0])
    assert "\n" not in str(caught.value)


def test_missing_files_are_named(official: Path) -> None:
    (official / "sequence_meta.pkl").write_bytes(pickle.dumps([]))
    reader = MuCoTemp(str(official))
    with pytest.raises(UserError, match=r"sequence_meta\.pkl has no clips of camera 0"):
        reader.read("train", reader.parts("train")[0])
    (official / "sequence_meta.pkl").unlink()
    with pytest.raises(UserError, match=r"no sequence_meta\.pkl"):
        reader.parts("train")
