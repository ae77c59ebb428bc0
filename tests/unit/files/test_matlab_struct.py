"""Fields of MATLAB structs as they were saved, and the one line for each that is not what it should be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from hpe.errors import UserError
from hpe.files.matlab import read_matlab
from hpe.files.matlab_struct import Struct


@pytest.fixture
def release(tmp_path: Path) -> Struct:
    many = np.empty((1, 2), dtype=[("x", object), ("name", object)])
    many[0, 0], many[0, 1] = (1.5, "a"), (np.nan, "")
    content = {"many": many, "one": {"x": 7}, "none": np.zeros((0, 0)), "written": "3", "row": [1, 2, 3]}
    savemat(tmp_path / "a.mat", {"RELEASE": content})
    return Struct(tmp_path / "a.mat", "", read_matlab(tmp_path / "a.mat")).inside("RELEASE")


def test_fields_come_back(release: Struct) -> None:
    assert [item.name for item in release.items("many")] == ["RELEASE.many(1)", "RELEASE.many(2)"]
    assert release.items("many")[0].number("x") == 1.5
    assert release.items("many")[0].text("name") == "a"
    assert release.items("one")[0].index("x", 8) == 7
    assert release.items("none") == []
    assert release.number("written") == 3
    assert release.numbers("row", 3).tolist() == [1, 2, 3]
    assert [release.has(field) for field in ("one", "none", "nothing")] == [True, False, False]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda it: it.inside("row"), "RELEASE.row is missing or no struct"),
        (lambda it: it.inside("nothing"), "RELEASE.nothing is missing or no struct"),
        (lambda it: it.items("row"), "RELEASE.row is missing or no list of structs"),
        (lambda it: it.items("nothing"), "RELEASE.nothing is missing or no list of structs"),
        (lambda it: it.items("many")[1].number("x"), r"RELEASE.many\(2\).x is missing or not a finite number"),
        (lambda it: it.items("many")[1].text("name"), r"RELEASE.many\(2\).name is missing or no text"),
        (lambda it: it.numbers("row", 2), "RELEASE.row is missing or not 2 finite numbers"),
        (lambda it: it.number("nothing"), "RELEASE.nothing is missing or not a finite number"),
        (lambda it: it.inside("one").index("x", 7), "RELEASE.one.x is 7, not a whole number from 0 to 6"),
    ],
)
def test_a_fault_is_one_line(release: Struct, ask: Callable[[Struct], object], words: str) -> None:
    with pytest.raises(UserError, match=rf"a\.mat: {words}") as caught:
        ask(release)
    assert "\n" not in str(caught.value)
