"""Columns of a list of objects, and the one line for each way in which an object is not as it should be."""

from pathlib import Path

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.json_records import Records

PATH = Path("people.json")
GOOD = [{"id": 4, "box": [1, 2], "name": "a"}, {"id": 9, "box": [3, 4.5], "name": "bc", "mask": [1]}]


def records(*rows: dict, name: str = "people") -> Records:
    return Records.of(PATH, {name: list(rows)}, name)


def test_columns_are_arrays():
    people = records(*GOOD)
    assert people.numbers("box", 2).tolist() == [[1, 2], [3, 4.5]]
    assert people.whole("id").tolist() == [4, 9]
    assert people.texts("name").tolist() == ["a", "bc"]
    assert people.has("mask").tolist() == [False, True]


def test_no_objects_are_empty_columns():
    nobody = records()
    assert nobody.numbers("box", 2).shape == (0, 2)
    assert nobody.whole("id").shape == (0,)
    assert nobody.texts("name").shape == (0,)


def test_what_should_be_unique_is():
    assert records(*GOOD).unique("id").tolist() == [4, 9]
    with pytest.raises(UserError, match=r"people\[2\], 'id' is there twice"):
        records(*GOOD, GOOD[0]).unique("id")


def test_lists_within_objects_are_found_with_their_places():
    images = records({"people": [GOOD[0]]}, {"people": []}, {"people": [GOOD[1], {"id": "x"}]}, name="images")
    people, rows = images.inner("people")
    assert rows.tolist() == [0, 2, 2]
    assert people.where(rows >= 0).labels == ["images[0].people[0]", "images[2].people[0]", "images[2].people[1]"]
    with pytest.raises(UserError, match=r"images\[2\]\.people\[1\], 'id' is not one number"):
        people.numbers("id")
    with pytest.raises(UserError, match=r"images\[0\], 'people' is no list of objects"):
        records({"people": [1]}, name="images").inner("people")


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ([1], "has shape 1, expected 2 numbers"),
        ([[1, 2]], "has shape 1 x 2, expected 2 numbers"),
        (7, "has shape 1, expected 2 numbers"),
        ([1, float("nan")], "holds a number that is not finite"),
        ([1, float("inf")], "holds a number that is not finite"),
        ([1, None], "holds a number that is not finite"),
        (None, "has shape 1, expected 2 numbers"),
        ([1, 10**400], "is not 2 numbers"),
        ([1, [2]], "is not 2 numbers"),
        ({"x": 1}, "is not 2 numbers"),
        ("ab", "is not 2 numbers"),
    ],
)
def test_a_bad_number_is_named_by_its_place_in_the_file(box, words):
    people = records(*GOOD, GOOD[0] | {"box": box}).where(np.array([False, True, True]))
    with pytest.raises(UserError, match=rf"people\.json: people\[2\], 'box' {words}") as caught:
        people.numbers("box", 2)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("number", [1.5, -1, 2**60])
def test_what_is_no_whole_number_is_named(number):
    with pytest.raises(UserError, match=r"people\[1\], 'id' is no whole number"):
        records({"id": 1}, {"id": number}).whole("id")


@pytest.mark.parametrize("name", ["", 3, None, "a\0b", "\ud800"])
def test_what_is_no_text_is_named(name):
    with pytest.raises(UserError, match=r"people\[0\], 'name' is no text"):
        records({"name": name}).texts("name")


def test_a_missing_key_is_named():
    with pytest.raises(UserError, match=r"people\.json: people\[1\], 'box' is missing"):
        records(GOOD[0], {"id": 2}).numbers("box", 2)


@pytest.mark.parametrize("content", [[], {}, {"people": 3}, {"people": [1]}, None])
def test_what_holds_no_list_is_named(content):
    with pytest.raises(UserError, match=r"people\.json: 'people' is missing or no list of objects"):
        Records.of(PATH, content, "people")
