"""Sequence files of 3DPW as its authors lay them out, and what comes out of them."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hand_made import predictions, preset, small_body
from official_3dpw import FRAMES, HEIGHT, WIDTH, sequence, write
from scipy.spatial.transform import Rotation

from hpe.datasets.preparation import prepare
from hpe.datasets.readers.pw3d import ThreeDPW
from hpe.datasets.store import Store, write_store
from hpe.errors import UserError
from hpe.scoring.card_rows import check_data, scored_rows


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data set with videos of every occlusion set."""
    folder = tmp_path_factory.mktemp("data") / "3dpw"
    for split, name, actors in [
        ("train", "courtyard_box_00", 1),
        ("train", "courtyard_arguing_00", 2),
        ("validation", "courtyard_hug_00", 2),
        ("test", "downtown_bar_00", 2),
        ("test", "flat_guitar_01", 1),
    ]:
        frames = 102 if name == "courtyard_hug_00" else FRAMES
        write(folder, split, sequence(name, actors, frames))
    return folder


@pytest.fixture(scope="module")
def everybody(official: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of all splits together, by the way that a user takes."""
    folder = tmp_path_factory.mktemp("stores")
    prepare("3dpw", ThreeDPW(str(official)), "all", folder, workers=1)
    return Store.open(folder / "all.h5")


def store(folder: Path, split: str, into: Path) -> Store:
    """The store of one split, without the processes of preparation."""
    reader = ThreeDPW(str(folder))
    parts = [dict(reader.read(split, part)) for part in reader.parts(split)]
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    columns["image_size"] = np.tile([WIDTH, HEIGHT], (len(columns["frame"]), 1))
    write_store(into / f"{split}.h5", columns, name="3dpw", split=split, joints=reader.joint_set)
    return Store.open(into / f"{split}.h5")


def people(data: Store, name: str, person: int = 0) -> np.ndarray:
    return np.flatnonzero((data["sequence"] == name) & (data["person"] == person))


def test_the_numbers_come_back_in_the_camera_frame(everybody: Store) -> None:
    given, rows = sequence("downtown_bar_00", 2), people(everybody, "downtown_bar_00", person=1)
    turns, moves = given["cam_poses"][:, :3, :3], given["cam_poses"][:, :3, 3]
    world = given["jointPositions"][1].reshape(FRAMES, 24, 3)
    seen = np.einsum("fij,fkj->fki", turns, world) + moves[:, None]
    np.testing.assert_allclose(everybody["joints3d"][rows], seen, atol=1e-5)
    pixels = seen[..., :2] / seen[..., 2:] * [190, 200] + [WIDTH / 2, HEIGHT / 2]
    np.testing.assert_allclose(everybody["joints2d"][rows], pixels, rtol=1e-4)
    root = Rotation.from_matrix(turns) * Rotation.from_rotvec(given["poses"][1][:, :3])
    found = Rotation.from_rotvec(everybody["pose"][rows, :3])
    assert (found.inv() * root).magnitude().max() < 1e-5
    np.testing.assert_allclose(everybody["pose"][rows, 3:], given["poses"][1][:, 3:], atol=1e-6)
    np.testing.assert_allclose(everybody["betas"][rows], np.tile(given["betas"][1][:10], (FRAMES, 1)), atol=1e-6)
    assert everybody["gender"][rows].tolist() == [2] * FRAMES
    assert everybody["focal_length"][rows].tolist() == [195] * FRAMES
    assert everybody["confidence3d"][rows].all(1).tolist() == [True, True, True, False]


def test_boxes_are_around_what_was_detected(everybody: Store) -> None:
    for frame, row in enumerate(people(everybody, "flat_guitar_01")):
        x, y, sure = sequence("flat_guitar_01", 1)["poses2d"][0][frame]
        x, y = x[sure > 0], y[sure > 0]
        np.testing.assert_allclose(everybody["box"][row], [x.min(), y.min(), np.ptp(x), np.ptp(y)], rtol=1e-5)


def test_each_person_of_each_picture_is_a_row(everybody: Store) -> None:
    rows = people(everybody, "downtown_bar_00", person=1)
    assert everybody["frame"][rows].tolist() == [0, 1, 2, 3]
    assert everybody["image"][rows[3]] == "imageFiles/downtown_bar_00/image_00003.jpg"
    assert everybody["image_size"][rows].tolist() == [[WIDTH, HEIGHT]] * FRAMES
    names = list(zip(everybody["sequence"], everybody["person"], everybody["frame"], strict=True))
    assert names == sorted(set(names))


def test_training_takes_trusted_people_only(official: Path, tmp_path: Path) -> None:
    train, test = store(official, "train", tmp_path), store(official, "test", tmp_path)
    assert (len(train), len(test)) == (3 * 3, 3 * 4)
    assert train["select_campose_valid"].all()
    assert test["select_campose_valid"].sum() == 9


def test_occlusion_sets_draw_on_all_splits(everybody: Store) -> None:
    def chosen(name: str) -> dict[str, int]:
        found, counts = np.unique(everybody["sequence"][everybody[f"select_{name}"]], return_counts=True)
        return dict(zip(found.tolist(), counts.tolist(), strict=True))

    assert chosen("occ") == {"courtyard_box_00": 3, "flat_guitar_01": 3}
    assert set(chosen("oc")) == {"courtyard_box_00", "flat_guitar_01"}
    assert chosen("pc") == {"courtyard_hug_00": 2 * 2}
    assert chosen("crowd") == {"courtyard_hug_00": 2 * 101}
    assert set(chosen("nc")) == {"courtyard_arguing_00", "downtown_bar_00"}


ALL = ["pare_3dpw_occ", "romp_3dpw_oc", "romp_3dpw_pc", "challenge_3dpw", "metrabs_3dpw"]


@pytest.mark.parametrize("name", [*ALL, "bedlam_3dpw", "spin_3dpw", "mmhuman3d_3dpw", "crowdnet_3dpw"])
def test_protocols_find_their_people(everybody: Store, official: Path, tmp_path: Path, name: str) -> None:
    card, smpl = preset(name), small_body(0)
    data = everybody if card.split == "all" else store(official, card.split, tmp_path)
    check_data(card, data, dict.fromkeys(("neutral", "male", "female"), smpl))
    places = scored_rows(card, data, predictions(data))
    assert (places >= 0).sum() == data[f"select_{card.frames}"].sum() > 0


def changed(folder: Path, **changes: Any) -> ThreeDPW:
    write(folder, "test", sequence("downtown_bar_00", 1) | changes)
    return ThreeDPW(str(folder))


def read(reader: ThreeDPW) -> Any:
    (part,) = reader.parts("test")
    return reader.read("test", part)


def test_who_was_not_detected_has_a_box_of_the_projection_or_the_picture(tmp_path: Path) -> None:
    nothing = [np.zeros((FRAMES, 3, 18))]
    columns = read(changed(tmp_path, poses2d=nothing))
    pixels = columns["joints2d"][0]
    within = pixels[((pixels >= 0) & (pixels < [WIDTH, HEIGHT])).all(1)]
    np.testing.assert_allclose(columns["box"][0], [*within.min(0), *np.ptp(within, axis=0)])
    assert not columns["select_campose_poses2d"].any()
    away = np.tile(np.eye(4), (FRAMES, 1, 1))
    behind = [np.tile([0.0, 0, -4], (FRAMES, 24)).reshape(FRAMES, 72)]
    columns = read(changed(tmp_path, poses2d=nothing, cam_poses=away, jointPositions=behind))
    assert columns["box"].tolist() == [[0, 0, WIDTH, HEIGHT]] * FRAMES
    assert not columns["confidence2d"].any()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cam_poses": np.zeros((FRAMES, 4, 4))}, "the camera of frame 0 is no rotation and translation"),
        ({"poses": [np.full((FRAMES, 72), np.nan)]}, r"'poses\.0' is not finite in row 0"),
        ({"poses": [np.zeros((FRAMES, 66))]}, r"'poses\.0' has shape 4 x 66, expected 4 x 72"),
        ({"jointPositions": [np.zeros((FRAMES + 1, 72))]}, r"'jointPositions\.0' has shape 5 x 72, expected 4 x 72"),
        ({"campose_valid": []}, r"'campose_valid\.0' is missing"),
        ({"genders": ["x"]}, "gender 'x' is none of m, f"),
        ({"genders": None}, "'genders' is no list"),
        ({"genders": []}, "'genders' names nobody"),
        ({"betas": [np.zeros(9)]}, r"'betas\.0' has 9 numbers, expected at least 10"),
        ({"poses": [np.full((FRAMES, 72), 1e300)]}, r"'poses\.0' is not finite in row 0"),
        ({"cam_intrinsics": None}, "'cam_intrinsics' is no array of numbers"),
    ],
)
def test_a_fault_names_the_file_and_what_is_wrong(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=rf"downtown_bar_00\.pkl: .*{words}") as caught:
        read(changed(tmp_path, **changes))
    assert "\n" not in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    changed(tmp_path)
    with pytest.raises(UserError, match=r"no sequenceFiles/train/\*\.pkl in .*unpack the official files there"):
        ThreeDPW(str(tmp_path)).parts("train")


class Shell:
    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> Any:
        return os.system, (self.command,)


def test_code_in_place_of_data_is_refused_by_name(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    with pytest.raises(UserError, match=r"downtown_bar_00\.pkl asks for (posix|nt)\.system"):
        read(changed(tmp_path, poses=[Shell(f"touch {victim}")]))
    assert not victim.exists()
