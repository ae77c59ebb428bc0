"""MuPoTS-3D as its authors lay it out: annot.mat and occlusion.mat of version 5, frames x people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from PIL import Image

from hpe.datasets.readers.mupots import MuPoTS
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
FRAMES, PEOPLE = 5, 3
FOCAL, CENTRE = np.array([1490.0, 1486.0]), np.array([1040.0, 1046.0])


def points(sequence: int) -> np.ndarray:
    """Millimetres, frames x people x joints x axes."""
    return np.random.default_rng(sequence).uniform([-1500, -900, 3000], [1500, 900, 6000], (FRAMES, PEOPLE, 17, 3))


def project(measured: np.ndarray) -> np.ndarray:
    return measured[..., :2] / measured[..., 2:] * FOCAL + CENTRE


def person(measured: np.ndarray, valid: bool) -> dict[str, Any]:
    """Axes x joints, and nothing but zeros where the person is not in the frame."""
    shown = {"annot2": project(measured).T, "annot3": measured.T, "univ_annot3": 0.9 * measured.T}
    return {key: values * valid for key, values in shown.items()} | {"isValidFrame": float(valid)}


def hidden() -> np.ndarray:
    return np.random.default_rng(9).random((FRAMES, PEOPLE, 17)) < 0.3


def contents(sequence: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells of frames x people; the second person is not there in the first frame."""
    people, labels = (np.empty((FRAMES, PEOPLE), dtype=object) for _ in range(2))
    for frame, number in np.ndindex(FRAMES, PEOPLE):
        people[frame, number] = person(points(sequence)[frame, number], (frame, number) != (0, 1))
        labels[frame, number] = hidden()[frame, number][None].astype(np.uint8)
    return people, labels


def write(folder: Path, sequence: int, people: np.ndarray, labels: np.ndarray, struct: bool = False) -> None:
    place = folder / f"MultiPersonTestSet/TS{sequence}"
    place.mkdir(parents=True, exist_ok=True)
    if struct:  # a struct array instead of a cell of structs
        fields = list(people[0, 0])
        array = np.empty(people.shape, dtype=[(field, object) for field in fields])
        for place_, entry in np.ndenumerate(people):
            array[place_] = tuple(entry[field] for field in fields)
        people = array
    scipy.io.savemat(place / "annot.mat", {"annotations": people})
    scipy.io.savemat(place / "occlusion.mat", {"occlusion_labels": labels})
    for frame in range(FRAMES):
        Image.new("1", (2048, 2048)).save(place / f"img_{frame:06d}.jpg", format="PNG")


@pytest.fixture(params=[False, True], ids=["cells", "structs"])
def official(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    for sequence in (1, 12):
        write(tmp_path, sequence, *contents(sequence), struct=request.param)
    return tmp_path


def test_people_come_one_after_another_in_metres(official: Path, stored: Stored) -> None:
    store = stored(MuPoTS(str(official), labels="annot3"), "test")
    assert store.joint_set == "mupots_17"
    assert list(dict.fromkeys(store["sequence"])) == ["TS1", "TS12"]
    for number in range(PEOPLE):
        rows = (store["sequence"] == "TS12") & (store["person"] == number)
        first = number == 1
        assert store["frame"][rows].tolist() == list(range(first, FRAMES))
        np.testing.assert_allclose(store["joints3d"][rows], points(12)[first:, number] / 1000, atol=1e-6)
        np.testing.assert_allclose(store["joints2d"][rows], project(points(12))[first:, number], atol=1e-3)
        assert (store["visible"][rows] == ~hidden()[first:, number]).all()
    assert store["image"][0] == "MultiPersonTestSet/TS1/img_000000.jpg"
    assert store["select_valid"].all()


def test_the_card_is_scored_on_the_universal_skeleton(official: Path, stored: Stored) -> None:
    store = stored(MuPoTS(str(official)), "test")
    np.testing.assert_allclose(store["joints3d"][0], 0.9 * points(1)[0, 0] / 1000, atol=1e-6)


def test_the_camera_follows_from_the_labels(official: Path, stored: Stored) -> None:
    store = stored(MuPoTS(str(official)), "test")
    np.testing.assert_allclose(store["focal_length"], FOCAL.mean(), atol=1e-3)
    np.testing.assert_allclose(store["principal_point"], np.tile(CENTRE, (len(store), 1)), atol=1e-3)


def test_the_box_is_around_hidden_joints_too(official: Path, stored: Stored) -> None:
    store = stored(MuPoTS(str(official)), "test")
    low, size = store["joints2d"].min(1), np.ptp(store["joints2d"], axis=1)
    np.testing.assert_allclose(store["box"], np.concatenate([low, size], axis=1), atol=1e-3)


def test_a_frame_that_is_not_valid_but_labelled_has_confidence_0(tmp_path: Path, stored: Stored) -> None:
    people, labels = contents(1)
    people[3, 2]["isValidFrame"] = 0.0
    write(tmp_path, 1, people, labels)
    store = stored(MuPoTS(str(tmp_path)), "test")
    row = (store["person"] == 2) & (store["frame"] == 3)
    assert not store["select_valid"][row]
    assert store["confidence3d"][row].sum() == store["visible"][row].sum() == 0


def broken(people: np.ndarray, labels: np.ndarray, fault: str) -> tuple[np.ndarray, np.ndarray]:
    if fault == "field":
        del people[2, 1]["annot3"]
    elif fault == "finite":
        people[2, 1]["annot3"][0, 0] = np.nan
    elif fault == "shape":
        people[2, 1]["annot2"] = np.zeros((2, 14))
    elif fault == "nobody":
        return people[:0], labels
    elif fault == "people":
        return people, labels[:, :2]
    elif fault == "camera":
        for entry in people.ravel():
            entry["annot2"] = np.random.default_rng(0).uniform(0, 2000, (2, 17))
    return people, labels


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("field", r"annot\.mat: person 2 in frame 3 has no 'annot3'"),
        ("finite", r"annot\.mat: labels that are not 3 x 17 finite numbers"),
        ("shape", r"annot\.mat: labels that are not 2 x 17 finite numbers"),
        ("nobody", r"annot\.mat: 'annotations' is no cell array of frames x people"),
        ("people", r"occlusion\.mat has \(5, 2\) labels of frames x people, annot\.mat \(5, 3\)"),
        ("camera", r"annot\.mat: the camera sees joints \d+ pixels from their labels"),
    ],
)
def test_labels_that_are_none_are_one_line(tmp_path: Path, fault: str, words: str) -> None:
    write(tmp_path, 1, *broken(*contents(1), fault))
    reader = MuPoTS(str(tmp_path))
    with pytest.raises(UserError, match=words) as caught:
        reader.read("test", reader.parts("test")[0])
    assert "\n" not in str(caught.value)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no MultiPersonTestSet/TS\*/annot\.mat"):
        MuPoTS(str(tmp_path)).parts("test")
    write(tmp_path, 7, *contents(7))
    (tmp_path / "MultiPersonTestSet/TS7/occlusion.mat").unlink()
    with pytest.raises(UserError, match=r"no file .*TS7/occlusion\.mat"):
        MuPoTS(str(tmp_path)).parts("test")
