"""SPIN's archives with the keys that PARE, EFT's users and BEDLAM add, and what comes out of them."""

from pathlib import Path
from typing import Any

import hydra
import numpy as np
import pytest
from PIL import Image

from hpe.config import config_folder
from hpe.datasets.readers.picture_names import people_of
from hpe.datasets.readers.spin_npz import SpinNpz
from hpe.errors import UserError
from hpe.geometry.crops import square_crop

NAMES = [
    *[f"imageFiles/downtown_walk_00/image_{frame:05}.jpg" for frame in (3, 4, 7)],
    *[f"imageFiles/downtown_walk_00/image_{frame:05}.jpg" for frame in (4, 5)],
    "imageFiles/courtyard_golf_00/image_00000.jpg",
]
PEOPLE = len(NAMES)


def annotations() -> dict[str, Any]:
    """Two actors of one sequence, one of another; the file is sorted neither by sequence nor by frame."""
    random = np.random.default_rng(0)
    part = random.uniform(0, 100, (PEOPLE, 24, 3))
    part[..., 2] = random.integers(0, 2, (PEOPLE, 24))
    spatial = random.normal(0, 0.4, (PEOPLE, 24, 4))
    spatial[..., 3] = 1
    spatial[:, 13, 3] = 0
    return {
        "imgname": np.array(NAMES),
        "center": random.uniform(30, 60, (PEOPLE, 2)),
        "scale": random.uniform(0.2, 0.4, PEOPLE),
        "part": part,
        "openpose": random.uniform(0, 1, (PEOPLE, 25, 3)),
        "S": spatial,
        "pose": random.normal(0, 0.4, (PEOPLE, 72)),
        "shape": random.normal(size=(PEOPLE, 10)),
        "gender": np.array(["m", "m", "m", "f", "f", "m"]),
    }


ORDER = [5, 0, 1, 2, 3, 4]  # by sequence, person, frame


def read(folder: Path, said: dict[str, Any], **settings: str) -> dict[str, np.ndarray]:
    np.savez(folder / "train.npz", allow_pickle=True, **said)
    reader = SpinNpz(str(folder), **settings)
    (part,) = reader.parts("train")
    return dict(reader.read("train", part))


def test_the_numbers_come_back(tmp_path):
    said = annotations()
    people = read(tmp_path, said, images="../3dpw", selection="pare_npz")
    assert people["image"].tolist() == [f"../3dpw/{NAMES[row]}" for row in ORDER]
    assert people["sequence"].tolist() == ["courtyard_golf_00"] + ["downtown_walk_00"] * 5
    assert people["frame"].tolist() == [0, 3, 4, 7, 4, 5]
    assert people["person"].tolist() == [0, 0, 0, 0, 1, 1]
    assert people["gender"].tolist() == [1, 1, 1, 1, 2, 2]
    assert people["has_smpl"].all()
    assert people["select_pare_npz"].all()
    np.testing.assert_array_equal(people["pose"], said["pose"][ORDER])
    np.testing.assert_array_equal(people["betas"], said["shape"][ORDER])
    np.testing.assert_array_equal(people["confidence2d"][:, :25], said["openpose"][ORDER, :, 2])
    np.testing.assert_array_equal(people["confidence2d"][:, 25:], said["part"][ORDER, :, 2])
    labelled = said["part"][ORDER, :, 2:] > 0
    np.testing.assert_array_equal(people["joints2d"][:, 25:], said["part"][ORDER, :, :2] * labelled)
    np.testing.assert_array_equal(people["joints3d"][:, 25], said["S"][ORDER, 0, :3])
    assert not people["confidence3d"][:, [*range(25), 25 + 13]].any()


def test_a_margin_of_a_fifth_gives_the_crop_of_the_file(tmp_path):
    said = annotations()
    crop = square_crop(read(tmp_path, said)["box"][1], 1.2)
    np.testing.assert_allclose(crop, [*said["center"][0], 200 * said["scale"][0]])


def test_a_test_file_of_poses_alone_makes_a_store(tmp_path, stored):
    """As SPIN's `3dpw_test.npz`: no part, no S."""
    said = {key: values for key, values in annotations().items() if key not in ("part", "openpose", "S")}
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60, 40)).save(tmp_path / name)
    np.savez(tmp_path / "3dpw_test.npz", **said)
    store = stored(SpinNpz(str(tmp_path), file="3dpw_test.npz", split="test", selection="campose_valid"), "test")
    assert store.joint_set == "spin_49"
    assert "joints3d" not in store
    assert store["image_size"].tolist() == [[60, 40]] * PEOPLE
    assert store["select_campose_valid"].all()
    np.testing.assert_allclose(store["pose"], said["pose"][ORDER], rtol=1e-6)


def test_fits_are_for_those_without_a_body_of_their_own(tmp_path):
    said = annotations() | {"has_smpl": np.array([1, 1, 0, 0, 0, 0])}
    said["pose"][2] = np.nan
    fits = np.random.default_rng(1).normal(size=(PEOPLE, 82))
    np.save(tmp_path / "train_fits.npy", fits)
    alone, fitted = read(tmp_path, said), read(tmp_path, said, fits="train_fits.npy")
    assert alone["has_smpl"].tolist() == [False, True, True, False, False, False]
    assert not alone["pose"][3].any()
    assert fitted["has_smpl"].all()
    np.testing.assert_array_equal(fitted["pose"][:3], [fits[5, :72], *said["pose"][:2]])
    np.testing.assert_array_equal(fitted["betas"][3], fits[2, 72:])


def test_keys_of_others(tmp_path):
    said = annotations()
    bedlam = {key: values for key, values in said.items() if key not in ("pose", "part", "openpose")}
    detected = np.random.default_rng(2).uniform(0.1, 1, (PEOPLE, 17, 3))
    people = read(tmp_path, bedlam | {"pose_cam": said["pose"], "mmpose_keypoints": detected})
    np.testing.assert_array_equal(people["pose"], said["pose"][ORDER])
    np.testing.assert_array_equal(people["joints2d"][:, 25 + 19], detected[ORDER, 0, :2])  # the nose
    np.testing.assert_array_equal(people["joints2d"][:, 25], detected[ORDER, 16, :2])  # the right ankle
    assert not people["confidence2d"][:, 25 + 12].any()
    tilted = read(tmp_path, said | {"pose_0yaw_inverseyz": said["pose"] + 1})
    np.testing.assert_array_equal(tilted["pose"], said["pose"][ORDER] + 1)


@pytest.mark.parametrize(
    ("sequence", "name", "expected"),
    [
        ("stem", "images/S9_Directions_1.60457274_000006.jpg", ("S9_Directions_1.60457274", 6)),
        ("picture", "train2014/COCO_train2014_000000000009.jpg", ("COCO_train2014_000000000009", 9)),
        ("picture", "a.jpg", ("a", 0)),
    ],
)
def test_sequences_of_other_names(tmp_path, sequence, name, expected):
    people = read(tmp_path, annotations() | {"imgname": np.array([name] * PEOPLE)}, sequence=sequence)
    assert (people["sequence"][0], people["frame"][0]) == expected
    assert people["person"].tolist() == list(range(PEOPLE))


def test_people_are_tracks_where_rows_are_and_counted_where_not():
    sequence = np.array(["a"] * 5 + ["b"] * 4)
    frame = np.array([0, 1, 2, 1, 2, 7, 3, 7, 3])
    assert people_of(sequence, frame).tolist() == [0, 0, 0, 1, 1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"center": np.zeros((2, 2))}, "'center' has shape 2 x 2, expected 6 x 2"),
        ({"shape": None}, "'shape' is missing"),
        ({"scale": np.full(6, np.nan)}, "'scale' is not finite in row 0"),
        ({"scale": np.array(1.0)}, "'scale' has shape of one number, expected 6 rows"),
        ({"has_smpl": np.ones(5)}, "'has_smpl' has shape 5, expected 6 rows"),
        ({"pose": np.full((6, 72), np.nan)}, "column 'pose', row 0: not finite"),
        ({"gender": np.array(["x"] * 6)}, "gender 'x' is none of"),
        ({"imgname": np.arange(6)}, "'imgname' is no list of text"),
        ({"imgname": np.array(["/home/a/b.jpg"] * 6)}, "'/home/a/b.jpg' is outside the data set's folder; give cut="),
        ({"imgname": np.array(["a/../../b/c.jpg"] * 6)}, "outside the data set's folder"),
        ({"imgname": np.array(["a.jpg"] * 6)}, "'a.jpg' names no folder; give another sequence="),
        ({key: None for key in ("part", "openpose", "S", "pose")}, "none of openpose, part, S and pose"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, change, words):
    said = {key: values for key, values in (annotations() | change).items() if values is not None}
    with pytest.raises(UserError, match=words) as caught:
        read(tmp_path, said)
    assert "\n" not in str(caught.value)
    assert "train.npz" in str(caught.value)


def test_names_from_another_machine_are_cut(tmp_path):
    said = annotations() | {"imgname": np.array([f"/ps/data/{name}".replace("/", "\\") for name in NAMES]).astype("S")}
    assert read(tmp_path, said, cut="imageFiles")["image"].tolist() == [NAMES[row] for row in ORDER]
    with pytest.raises(UserError, match="has no folder 'pictures'"):
        read(tmp_path, said, cut="pictures")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no 3dpw_train\.npz in"):
        SpinNpz(str(tmp_path), file="3dpw_train.npz").parts("train")


def test_a_source_is_one_file_and_one_split():
    of_reader = "data.sources.spin_npz.reader"
    chosen = [
        "paths.data=/data",
        "data.sources.spin_npz.name=mpii",
        f"{of_reader}.file=a.npz",
        f"{of_reader}.split=train",
    ]
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        config = hydra.compose("prepare", ["data=spin_npz", *chosen])
    source = hydra.utils.instantiate(config.data.sources.spin_npz)
    assert list(source.splits) == list(source.reader.splits) == ["train"]
    assert source.root == "/data/spin_npz/mpii"
    assert source.reader == SpinNpz("/data/spin_npz", "a.npz", "../mpii", selection="campose_valid")
