"""What an entry should be is asked for; what it is instead is said with file and entry."""

from pathlib import Path

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.entries import Entries

BOMB: list = [1.0]
for _ in range(40):
    BOMB = [BOMB] * 10

ENTRIES = Entries(
    Path("walk.pkl"),
    {
        "poses": [np.zeros((2, 72), np.float32), np.zeros((3, 72))],
        "camera": {"width": 640, "intrinsics": np.eye(3, dtype=int)},
        "name": b"walk",
        "valid": [1, 0, 1],
        "nan": np.array([[0.0, 1], [np.nan, 2]]),
        "words": np.array(["a"]),
        "zero": np.array(0),
        "objects": np.array([None, 1], dtype=object),
        "bomb": BOMB,
        "huge": [1.0, 1e39],
        "nothing": np.zeros(0),
        "empty": b"",
        "halves": [1, 0.5],
    },
)


def test_arrays_come_in_double_precision():
    assert ENTRIES.items("poses").array("1", None, 72).shape == (3, 72)
    assert ENTRIES.inside("camera").array("intrinsics", 3, 3).dtype == np.float64
    assert ENTRIES.inside("camera").array("width") == 640
    assert ENTRIES.array("valid", 3).tolist() == [1, 0, 1]
    assert ENTRIES.text("name") == "walk"
    assert ENTRIES.rows("valid", 3).tolist() == [[1], [0], [1]]
    assert ENTRIES.first("valid", 2).tolist() == [1, 0]
    assert ENTRIES.whole("valid", 3).dtype == np.int64
    assert len(ENTRIES.items("poses")) == 2


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: ENTRIES["betas"], "'betas' is missing"),
        (lambda: ENTRIES.items("poses").array("0", None, 156), r"'poses\.0' has shape 2 x 72, expected \? x 156"),
        (lambda: ENTRIES.inside("camera").array("height"), r"'camera\.height' is missing"),
        (lambda: ENTRIES.inside("camera").array("width", 2), r"has shape of one number, expected 2"),
        (lambda: ENTRIES.array("nan", None, 2), "'nan' is not finite in row 1"),
        (lambda: ENTRIES.array("words", None), "'words' is no array of numbers"),
        (lambda: ENTRIES.array("objects", None), "'objects' is no array of numbers"),
        (lambda: ENTRIES.array("bomb", None), "'bomb' is no array of numbers"),
        (lambda: ENTRIES.inside("name"), "name. holds no named entries"),
        (lambda: ENTRIES.items("name"), "'name' is no list"),
        (lambda: ENTRIES.items("zero"), "'zero' is no list"),
        (lambda: ENTRIES.text("valid"), "'valid' is no text"),
        (lambda: ENTRIES.text("nothing"), "'nothing' is no text"),
        (lambda: ENTRIES.text("empty"), "'empty' is no text"),
        (lambda: ENTRIES.array("huge", 2), "'huge' is not finite in row 1"),
        (lambda: ENTRIES.rows("valid", 2), "'valid' has shape 3, expected 2 rows"),
        (lambda: ENTRIES.rows("zero", 1), "'zero' has shape of one number, expected 1 rows"),
        (lambda: ENTRIES.first("valid", 4), "'valid' has 3 numbers, expected at least 4"),
        (lambda: ENTRIES.whole("halves", 2), "'halves' is no whole number from 0 to 2147483647 in row 1"),
        (lambda: Entries(Path("walk.pkl"), [1]), "the file holds no named entries"),
    ],
)
def test_a_fault_is_one_line(ask, words):
    with pytest.raises(UserError, match=words) as caught:
        ask()
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("walk.pkl: ")
