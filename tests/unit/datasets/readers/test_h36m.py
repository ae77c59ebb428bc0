"""Human3.6M as its authors lay it out: CDF poses, masks of version 7.3, and metadata.xml."""

from collections.abc import Callable
from pathlib import Path

import cdflib.cdfwrite
import h5py
import numpy as np
import pytest

from hpe.datasets.readers.h36m import H36M
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.joints import joint_map

Stored = Callable[[Reader, str], Store]
CAMERAS = ("54138969", "55011271", "58860488", "60457274")
FRAMES = 11
# By subject, names of the first and second trial.
RECORDINGS = {9: {"Directions": ("Directions 1", "Directions"), "Greeting": ("Greeting 1", "Greeting")}}
RECORDINGS[11] = {"Directions": ("Directions 1", "Directions")}
ORDER = list(joint_map("h36m_32", "h36m_17"))
FOCAL, CENTRE, BARREL = (1145.0, 1143.0), (512.0, 515.0), -0.2


def placed(subject: int, camera: int) -> np.ndarray:
    """Angles about x, y and z, and place in mm: all cameras see the room's middle, at half a metre's difference."""
    return np.array([np.pi / 2, 0.2 * camera, 0.01 * subject, 500 * camera, -4000 + 100 * subject, 1000])


def seen(world: np.ndarray, subject: int, camera: int) -> np.ndarray:
    """Millimetres in the camera's frame: R = Rx Ry Rz, x = R (X - place)."""
    (x, y, z), place = placed(subject, camera)[:3], placed(subject, camera)[3:]
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return (world - place) @ (about_x @ about_y @ about_z).T


def pixels(points: np.ndarray) -> np.ndarray:
    rays = points[..., :2] / points[..., 2:]
    return rays * (1 + BARREL * (rays**2).sum(-1, keepdims=True)) * FOCAL + CENTRE


def world(subject: int, recording: str) -> np.ndarray:
    random = np.random.default_rng([subject, *recording.encode()])
    return random.uniform([-400, -400, 300], [400, 400, 1500], (FRAMES, 32, 3))


def write_pose(path: Path, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = cdflib.cdfwrite.CDF(path, delete=True)
    numbers = values.reshape(1, FRAMES, -1).astype(np.float32)
    about = {"Variable": "Pose", "Data_Type": 44, "Num_Elements": 1, "Rec_Vary": True}
    file.write_var({**about, "Dim_Sizes": list(numbers.shape[1:])}, var_data=numbers)
    file.close()


def write_masks(path: Path) -> None:
    """A cell of boolean pictures of 100 x 102 pixels; the person of frame f is 40 wide and 80 high at (10 + f, 12)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", userblock_size=512) as file:
        cells = file.create_dataset("Masks", (FRAMES, 1), dtype=h5py.ref_dtype)
        for frame in range(FRAMES):
            mask = np.zeros((100, 102), dtype=np.uint8)
            mask[10 + frame : 50 + frame, 12:92] = 1
            cells[frame, 0] = file.create_dataset(f"#refs#/{frame}", data=mask).ref


def metadata() -> str:
    room = [placed(subject, camera) for camera in range(4) for subject in range(1, 12)]
    lens = [[*FOCAL, *CENTRE, BARREL, 0, 0, 0, 0]] * 4
    subjects = "".join(f"<td>S{number}</td>" for number in (1, 5, 6, 7, 8, 9, 11))
    rows = ""
    for action, name in [(2, "Directions"), (5, "Greeting")]:
        for trial in range(2):
            names = [RECORDINGS.get(number, {}).get(name, ("", ""))[trial] for number in (1, 5, 6, 7, 8, 9, 11)]
            cells = "".join(f"<td>{word}</td>" for word in (action, trial + 1, *names))
            rows += f"<tr>{cells}</tr>"
    numbers = " ".join(f"{value:.9g}" for value in np.concatenate([np.ravel(room), np.ravel(lens)]))
    table = f"<mapping><tr><td/><td/>{subjects}</tr>{rows}</mapping>"
    return f'<?xml version="1.0"?><database>{table}<cameras><w0>[{numbers}]</w0></cameras></database>'


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("h36m")
    (folder / "metadata.xml").write_text(metadata())
    for subject, actions in RECORDINGS.items():
        poses = folder / f"S{subject}/MyPoseFeatures"
        write_pose(poses / "D3_Positions/_ALL.cdf", world(subject, "_ALL"))
        for recording in sum(actions.values(), ()):
            points = world(subject, recording)
            write_pose(poses / f"D3_Positions/{recording}.cdf", points)
            for number, camera in enumerate(CAMERAS):
                write_pose(poses / f"D2_Positions/{recording}.{camera}.cdf", pixels(seen(points, subject, number)))
                write_masks(folder / f"S{subject}/MySegmentsMat/ground_truth_bb/{recording}.{camera}.mat")
    return folder


@pytest.fixture
def copy(official: Path, tmp_path: Path) -> Path:
    """The data set with files that a test may change: links are replaced, not followed."""
    for file in official.rglob("*.*"):
        link = tmp_path / "h36m" / file.relative_to(official)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file)
    return tmp_path / "h36m"


def replaced(path: Path) -> Path:
    path.unlink()
    return path


def test_joints_are_metres_in_each_cameras_frame(official: Path, stored: Stored) -> None:
    store = stored(H36M(str(official)), "test")
    assert len(store) == 6 * 4 * 3
    assert store.joint_set == "h36m_17"
    for number, camera in enumerate(CAMERAS):
        rows = store["sequence"] == f"S9_Greeting_1.{camera}"
        expected = seen(world(9, "Greeting 1"), 9, number)[::5]
        np.testing.assert_allclose(store["joints3d"][rows], expected[:, ORDER] / 1000, atol=1e-5)
        np.testing.assert_allclose(store["joints2d"][rows], pixels(expected)[:, ORDER], atol=1e-3)
        assert store["frame"][rows].tolist() == [0, 5, 10]
    assert "pose" not in store
    assert store["focal_length"][0] == pytest.approx(1144)
    assert store["principal_point"][0].tolist() == [512, 515]


def test_pictures_have_the_names_that_spin_gave_them(official: Path, stored: Stored) -> None:
    images = stored(H36M(str(official)), "test")["image"].tolist()
    assert "images/S9_Directions_1.60457274_000001.jpg" in images
    assert "images/S11_Directions.54138969_000006.jpg" in images
    assert not any("ALL" in name for name in images)


def test_the_crop_of_a_box_is_spins(official: Path, stored: Stored) -> None:
    store = stored(H36M(str(official)), "test")
    x, y, width, height = store["box"][1]
    assert 1.2 * max(width, height) == pytest.approx(0.9 * 80)
    assert (x + width / 2, y + height / 2) == (pytest.approx(10 + 5 + 20), pytest.approx(12 + 40))
    assert store["image_size"][0].tolist() == [100, 102]


def test_selections_are_those_of_the_cards(official: Path, stored: Stored) -> None:
    store = stored(H36M(str(official), frame_step=1), "test")
    counts = {key: int(store[key].sum()) for key in store.columns if key.startswith("select_")}
    videos = 6 * 4
    assert counts == {
        "select_every_5th": videos * 3,
        "select_every_5th_camera_60457274": 6 * 3,
        "select_camera_3_first_trial": 3 * 3,
        "select_every_64th": videos,
        "select_labels_in_place": (videos - 4) * FRAMES,
    }
    assert set(store["sequence"][store["select_camera_3_first_trial"]]) == {
        f"{name}.60457274" for name in ("S9_Directions_1", "S9_Greeting_1", "S11_Directions_1")
    }
    shifted = store["sequence"][~store["select_labels_in_place"]]
    assert set(shifted) == {f"S9_Greeting.{camera}" for camera in CAMERAS}


def test_a_step_that_leaves_frames_out_has_no_selection_of_them(official: Path, stored: Stored) -> None:
    assert "select_every_64th" not in stored(H36M(str(official), frame_step=5), "test")
    assert "select_every_5th" not in stored(H36M(str(official), frame_step=2), "test")


def test_training_is_of_other_subjects(official: Path) -> None:
    with pytest.raises(UserError, match=r"no S1/MyPoseFeatures/D3_Positions/\*\.cdf"):
        H36M(str(official)).parts("train")


def first(folder: Path) -> object:
    reader = H36M(str(folder))
    return reader.read("test", reader.parts("test")[0])


POSES = "S11/MyPoseFeatures/D3_Positions/Directions.cdf"


def test_joints_that_are_not_where_the_camera_sees_them_are_refused(copy: Path) -> None:
    points = world(11, "Directions") + np.array([0, 0, 200])
    write_pose(replaced(copy / POSES), points)
    with pytest.raises(UserError, match=r"metadata\.xml: the camera sees joints \d+ pixels from their labels"):
        first(copy)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda points: points * np.nan, "Directions.cdf: 'Pose' is not 1 x frames x 96 finite numbers"),
        (lambda points: points[:, :24], r"finite numbers, but \(1, 11, 72\)"),
    ],
)
def test_a_pose_that_is_none_is_one_line(copy: Path, fault: Callable, words: str) -> None:
    write_pose(replaced(copy / POSES), fault(world(11, "Directions")))
    with pytest.raises(UserError, match=words) as caught:
        first(copy)
    assert "\n" not in str(caught.value)


def test_a_mask_of_nobody_is_one_line(copy: Path) -> None:
    path = copy / "S11/MySegmentsMat/ground_truth_bb/Directions.54138969.mat"
    write_masks(replaced(path))
    with h5py.File(path, "a") as file:
        file["#refs#/5"][:] = 0
    with pytest.raises(UserError, match="mask 6 shows nobody"):
        first(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "S11/MyPoseFeatures/D2_Positions/Directions.55011271.cdf").unlink()
    with pytest.raises(UserError, match=r"no file .*D2_Positions/Directions\.55011271\.cdf"):
        H36M(str(copy)).parts("test")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<database/>", "<w0> is missing"),
        ("<database><w0>[1 2 3]</w0></database>", "<w0> is not 300 finite numbers"),
        (metadata().replace("[", "[nan "), "<w0> is not 300"),
        (metadata().replace("<td>Directions</td>", "<td>Walking</td>"), "no recording 'Directions' of S11"),
        ("<database", "is not XML"),
    ],
)
def test_metadata_that_do_not_fit_are_one_line(copy: Path, text: str, words: str) -> None:
    replaced(copy / "metadata.xml").write_text(text)
    with pytest.raises(UserError, match=words) as caught:
        first(copy)
    assert "\n" not in str(caught.value)
