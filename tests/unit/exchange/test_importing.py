"""Whose predictions are these, and what becomes of those that are nobody's."""

import logging
from pathlib import Path

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.exchange.foreign import Foreign, joined
from hpe.exchange.importing import import_predictions, rename_people
from hpe.exchange.plain import foreign

FILE = Path("theirs.npz")
SHUFFLED = np.random.default_rng(1).permutation(12)


def read(store, said, rows=SHUFFLED, **names):
    """Their arrays with some rows of the store, by the names that the store gives them."""
    known = {key: store[column][rows] for key, column in names.items()}
    return foreign(FILE, {key: value[rows] for key, value in said.items()} | known)


def imported(theirs, store, **options):
    return import_predictions(theirs, store, model="pare", body="smpl", joints=None, **options)


IDS = {"sequence": "sequence", "frame": "frame", "person": "person"}


@pytest.mark.parametrize(
    ("names", "way"),
    [(IDS, None), (IDS, "ids"), ({"imgname": "image", "personid": "person"}, None), ({}, "order")],
)
def test_every_person_gets_the_own_prediction(store, said, names, way):
    rows = np.arange(12) if way == "order" else SHUFFLED
    ours = imported(read(store, said, rows, **names), store, way=way)
    np.testing.assert_array_equal(ours["sample"], np.arange(12))
    np.testing.assert_array_equal(ours["pose"], said["pose"])
    np.testing.assert_array_equal(ours["camera"], said["pred_cam"])
    assert (ours.dataset, ours.split, ours.body, ours.model) == ("tiny", "test", "smpl", "pare")
    ours.check_rows(store)


def test_boxes_tell_people_of_one_picture_apart(store, said):
    theirs = read(store, said, imgname="image")
    x, y, width, height = store["box"][SHUFFLED].T
    theirs.names["box"] = np.stack([x + width / 2 - 0.55 * height, y - 0.05 * height, 1.1 * height, 1.1 * height], 1)
    np.testing.assert_array_equal(imported(theirs, store, way="boxes")["pose"], said["pose"])


def test_a_box_far_from_everybody_is_nobodys(store, said):
    theirs = read(store, said, **IDS)
    theirs.names["box"] = store["box"][SHUFFLED].astype(float)
    theirs.names["box"][0] += 1000
    with pytest.raises(UserError, match=r"1 of 12 predictions in .* are of nobody"):
        imported(theirs, store, way="boxes")


def test_folders_above_a_picture_and_its_ending_do_not_matter(store, said):
    theirs = read(store, said, personid="person")
    theirs.names["image"] = np.array(
        [f"/data/3dpw/{name}".replace(".jpg", ".png") for name in store["image"][SHUFFLED]]
    )
    np.testing.assert_array_equal(imported(theirs, store)["pose"], said["pose"])


def test_one_picture_of_two_people_does_not_name_one(store, said):
    with pytest.raises(UserError, match=r"several rows of image .*jpg.*do not tell apart; match by another way"):
        imported(read(store, said, imgname="image"), store)


def test_whoever_is_left_over_is_counted_and_named(store, said, caplog):
    theirs = read(store, said, np.arange(10), **IDS)
    theirs.names["frame"][3] = 77
    message = r"1 of 10 predictions in theirs.npz are of nobody \(.*frame 77.*\), 3 of 12 people in .* \(.*frame 1 .*\)"
    with pytest.raises(UserError, match=message + ".*--partial"):
        imported(theirs, store)
    with caplog.at_level(logging.WARNING):
        ours = imported(theirs, store, partial=True)
    assert ours["sample"].tolist() == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    assert "3 of 12 people" in caplog.text


@pytest.mark.parametrize(
    ("names", "way", "message"),
    [
        ({}, None, "names no sequence, which matching by ids needs"),
        (IDS, "image", "names no image"),
        (IDS, "boxes", "names no box"),
        ({"sequence": "image", "frame": "frame", "person": "person"}, None, "have nobody in common"),
    ],
)
def test_predictions_of_nobody_known_are_refused(store, said, names, way, message):
    with pytest.raises(UserError, match=message):
        imported(read(store, said, **names), store, way=way, partial=True)


def test_only_files_of_one_length_are_matched_by_order(store, said):
    with pytest.raises(UserError, match=r"has 11 rows, .* 12 people"):
        imported(read(store, said, np.arange(11)), store, way="order", partial=True)


def test_tracks_are_renamed(store, said):
    theirs = read(store, said, **IDS)
    theirs.names["person"] = 10 + theirs.names["person"]
    ours = imported(rename_people(theirs, {10: 0, 11: 1}), store)
    np.testing.assert_array_equal(ours["pose"], said["pose"])
    with pytest.raises(UserError, match="has no person 3; it has 10, 11"):
        rename_people(theirs, {3: 0})


def test_rotations_need_betas(store, said):
    with pytest.raises(UserError, match="rotations without betas"):
        imported(read(store, {"pose": said["pose"]}, np.arange(12)), store, way="order")


def test_files_are_joined_if_they_say_the_same_things(store, said):
    halves = [read(store, said, rows, **IDS) for rows in np.split(SHUFFLED, 2)]
    np.testing.assert_array_equal(imported(joined(halves), store)["pose"], said["pose"])
    other = Foreign(Path("other.npz"), halves[1].columns, {})
    with pytest.raises(UserError, match=r"'frame' is in only one of theirs\.npz and other\.npz"):
        joined([halves[0], other])


def test_people_that_are_not_finite_are_kept(store, said):
    said["pose"][4] = np.nan
    assert imported(read(store, said, **IDS), store).not_finite() == {"pose": 1}
