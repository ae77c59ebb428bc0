"""A fault planted in a sound data set is found, and named, and nothing else is."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image
from sound_people import Columns, Spoil, examined

from hpe.datasets.doctor.examination import examine_labels, failed
from hpe.datasets.doctor.finding import Verdict
from hpe.joints import joint_map, joint_set

FLIP = list(joint_set("smpl_24").flip)
LEGS, ARMS = [1, 2, 4, 5, 7, 8, 10, 11], [13, 14, 16, 17, 18, 19, 20, 21, 22, 23]
BODY = ("pose", "betas", "has_smpl")
CAMERA = ("focal_length", "principal_point")


def crossed(*names: str, joints: list[int] | None = None, rows: slice = slice(None)) -> Spoil:
    """Left and right exchanged in columns, of all joints or some, of all people or some."""
    some = list(range(24)) if joints is None else joints

    def spoil(columns: Columns) -> Columns:
        for name in names:
            columns[name] = columns[name].copy()
            columns[name][rows, some] = columns[name][rows][:, np.array(FLIP)[some]]
        return columns

    return spoil


def with_joints(change: Callable[[np.ndarray], np.ndarray]) -> Spoil:
    return lambda columns: columns | {"joints3d": change(columns["joints3d"])}


def in_one_row(name: str, value: object) -> Spoil:
    def spoil(columns: Columns) -> Columns:
        columns[name] = np.array(columns[name], dtype=float)
        columns[name][5] = value
        return columns

    return spoil


def with_a_row_again(columns: Columns) -> Columns:
    return {name: np.concatenate([np.asarray(values), np.asarray(values)[5:6]]) for name, values in columns.items()}


def reordered(columns: Columns) -> Columns:
    order = [0, 2, 1, *range(3, 12)]
    return {name: np.asarray(values)[order] for name, values in columns.items()}


def with_a_long_shin(columns: Columns) -> Columns:
    columns["joints3d"][5, [7, 10]] += [0, 0.5, 0]
    columns["confidence2d"][5, [7, 10]] = 0
    return columns


def test_a_sound_data_set_is_sound(folder: Path) -> None:
    found = examined(folder)
    assert failed(found) == []
    not_sound = {name for name, finding in found.items() if finding.verdict is not Verdict.SOUND}
    assert not_sound == {"origin", "counts"}
    assert found["reprojection"].found.startswith("median 0.00 pixels")


@pytest.mark.parametrize(
    ("spoil", "drop", "check", "words"),
    [
        (crossed("joints3d", "joints2d"), (), "left and right, 3D", "are crossed: 12 of 12"),
        (crossed("joints3d", "joints2d"), BODY, "left and right, 3D", "12 of 12 people crossed against toes and knees"),
        (crossed("joints3d", "joints2d", joints=LEGS), (), "left and right, 3D", "hips only"),
        (crossed("joints3d", "joints2d", joints=ARMS), BODY, "left and right, 3D", "shoulders only"),
        (crossed("joints3d", "joints2d", rows=slice(8, 12)), (), "left and right, 3D", "4 of 12 people crossed"),
        (crossed("joints2d"), (), "left and right, 2D", "12 of 12 people crossed against the 3D joints"),
        (crossed("joints2d"), ("joints3d", "confidence3d"), "left and right, 2D", "crossed against the pose"),
        (crossed("joints2d", joints=LEGS), ("joints3d", "confidence3d", *BODY), "left and right, 2D", "hips and shoul"),
        (with_joints(lambda joints: joints * 1000), (), "units", "12 of 12 people are in millimetres, not in metres"),
        (with_joints(lambda joints: joints * 100), (), "units", "12 of 12 people are in centimetres, not in metres"),
        (with_joints(lambda joints: joints * 7), (), "units", "in decimetres"),
        (with_joints(lambda joints: joints * [1, -1, -1]), (), "axes", "y points up, z points backwards"),
        (with_joints(lambda joints: joints * [1, -1, 1]), (), "axes", "y points up"),
        (with_joints(lambda joints: joints * [-1, 1, 1]), (), "axes", "x points left"),
        (with_joints(lambda joints: joints[..., [0, 2, 1]] * [1, 1, -1]), (), "axes", "z points up"),
        (
            with_joints(lambda joints: (joints - joints[:, :1]) * [1, -1, -1]),
            ("joints2d", "confidence2d"),
            "axes",
            "y points up",
        ),
        (
            with_joints(lambda joints: (joints - joints[:, :1])[..., [0, 2, 1]] * [1, 1, -1]),
            ("joints2d", "confidence2d", *CAMERA),
            "axes",
            "z points up",
        ),
        (in_one_row("focal_length", 0), (), "camera", "1 of 12 people without a valid camera"),
        (in_one_row("principal_point", [5000, 120]), (), "camera", "1 of 12 people without a valid camera"),
        (
            lambda columns: columns | {"focal_length": columns["focal_length"] * 1.2},
            (),
            "reprojection",
            "median 9.36 pixels, 6.94 %",
        ),
        (in_one_row("image_size", [240, 320]), (), "picture sizes", "first 240x320 but is 320x240"),
        (in_one_row("box", [400, 10, 50, 50]), (), "boxes", "1 of 12 boxes lie beside their picture"),
        (with_a_row_again, (), "no duplicates", "1 rows repeat sequence, person and frame"),
        (reordered, (), "frames in order", "1 rows out of order"),
        (with_a_long_shin, (), "limbs", "1 people have a limb beyond 0.5 to 2 times its median"),
        (in_one_row("betas", 40), (), "poses", "1 of 12 SMPL labels have a beta beyond 15"),
        (lambda columns: columns | {"pose": columns["pose"] * 0}, (), "poses", "12 of 12 SMPL labels are all zeros"),
        (lambda columns: columns | {"pose": np.rad2deg(columns["pose"])}, (), "poses", "by more than 360 degrees"),
    ],
)
def test_a_planted_fault_is_named(
    folder: Path,
    spoiled: Callable[..., object],
    spoil: Spoil,
    drop: tuple[str, ...],
    check: str,
    words: str,
) -> None:
    spoiled(spoil, drop)
    found = examined(folder)
    assert failed(found) == [check]
    assert words in found[check].found


def test_a_pose_in_the_frame_of_the_world(spoiled: Callable[..., object], folder: Path) -> None:
    spoiled(lambda columns: columns | {"pose": np.tile(np.r_[0, 0.1, np.zeros(70)], (12, 1))})
    found = examined(folder)
    assert failed(found) == ["pose's frame"]
    assert "another frame" in found["pose's frame"].found


def test_a_number_that_is_not_finite(folder: Path) -> None:
    with h5py.File(folder / "test.h5", "a") as file:
        file["joints3d"][3, 4, 1] = np.nan
    found = examined(folder)
    assert failed(found) == ["finite values"]
    assert found["finite values"].found == "rows with NaN or infinity: 1 in column 'joints3d'"
    assert found["finite values"].examples[0].startswith("row 3: sequence test_bar, person 0, frame 3, test/03.jpg")


@pytest.mark.parametrize("tenth", range(10))
def test_a_picture_that_is_cut(folder: Path, tenth: int) -> None:
    whole = (folder / "test/05.jpg").read_bytes()
    (folder / "test/05.jpg").write_bytes(whole[: len(whole) * tenth // 10])
    found = examined(folder)
    assert failed(found) == ["pictures decode"]
    assert "test/05.jpg" in found["pictures decode"].examples[0]


def test_a_picture_that_is_missing_is_named(folder: Path) -> None:
    (folder / "test/05.jpg").unlink()
    found = examined(folder)
    assert failed(found) == ["pictures are there"]
    assert found["pictures are there"].examples == ("test/05.jpg",)


def test_a_picture_of_another_size(folder: Path) -> None:
    Image.open(folder / "test/05.jpg").resize((160, 120)).save(folder / "test/05.jpg")
    assert failed(examined(folder)) == ["picture sizes"]


def test_a_picture_of_training_under_another_name(folder: Path) -> None:
    (folder / "test/05.jpg").write_bytes((folder / "train/07.jpg").read_bytes())
    found = examined(folder)
    assert failed(found) == ["splits apart"]
    assert found["splits apart"].examples == ("test/05.jpg is train/07.jpg",)


def test_a_sequence_of_training(folder: Path, spoiled: Callable[..., object]) -> None:
    (folder / "train/12.jpg").write_bytes((folder / "test/11.jpg").read_bytes())

    def shared(columns: Columns) -> Columns:
        sequences = [*columns["sequence"][:11].tolist(), "train_walk"]
        return columns | {"sequence": sequences, "image": [*columns["image"][:11], "train/12.jpg"]}

    spoiled(shared)
    found = examined(folder)
    assert failed(found) == ["splits apart"]
    assert found["splits apart"].found == "1 sequences are in train too"
    assert found["splits apart"].examples[0].startswith("train_walk, ")


def test_crossed_sides_are_found_among_fourteen_joints(spoiled: Callable[..., object]) -> None:
    """lsp_14 has no feet: bent knees tell where people look."""
    lsp = list(joint_map("smpl_24", "lsp_14"))

    def fewer(columns: Columns) -> Columns:
        names = ("joints2d", "joints3d", "confidence2d", "confidence3d")
        return columns | {name: columns[name][:, lsp] for name in names}

    sound = examine_labels(spoiled(fewer, (*BODY, *CAMERA), "lsp_14"))
    assert failed(sound) == []
    assert sound["left and right, 3D"].verdict is Verdict.SOUND
    wrong = examine_labels(spoiled(lambda columns: fewer(crossed("joints3d", "joints2d")(columns)), BODY, "lsp_14"))
    assert failed(wrong) == ["left and right, 3D"]


def test_what_cannot_be_checked_is_said(spoiled: Callable[..., object]) -> None:
    found = examine_labels(spoiled(drop=("joints2d", "confidence2d", "joints3d", "confidence3d", *BODY, *CAMERA)))
    assert failed(found) == []
    assert found["left and right, 3D"].verdict is Verdict.NOT_CHECKED
    assert found["left and right, 3D"].found == "no column 'joints3d'"
