"""Published rows are those of the file, each number with its line."""

import pytest

from benchmarks.definitions import Definition, Entry, names
from benchmarks.published import PATH, published
from benchmarks.quantities import Quantity
from benchmarks.quoted import quoted_rows
from hpe.errors import UserError

MPJPE, PA_MPJPE, PVE = (Quantity(name, "mm") for name in ("MPJPE", "PA-MPJPE", "PVE"))


def chosen(*entries, **changes):
    return quoted_rows(Definition(title="", datasets={"3DPW": "3dpw"}, entries=list(entries), **changes), published())


@pytest.mark.parametrize("name", names())
def test_every_number_stands_in_the_line_that_it_names(name, quoted):
    lines = PATH.read_text().splitlines()
    for row in quoted(name):
        for what, number in row.numbers.items():
            line = lines[int(number.source[0].partition("line ")[2].partition(":")[0]) - 1]
            assert line.startswith((row.method, f'"{row.method}'))
            assert f",{what.name},{number.value},{what.unit}," in line


@pytest.mark.parametrize("name", names())
def test_no_line_is_used_twice(name, quoted):
    places = [one.source[0] for row in quoted(name) for one in row.numbers.values()]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("name", names())
def test_a_quotation_stands_only_where_the_authors_own_number_does_not(name, quoted):
    rows = quoted(name)
    told = {
        kind: {(r.method, r.dataset, q.name) for r in rows for q in r.numbers if r.kind == kind}
        for kind in ("primary", "secondary")
    }
    assert not told["primary"] & told["secondary"]


def test_the_readme_of_pare_has_two_rows(quoted):
    rows = quoted("pare")
    assert [[row.numbers[what].value for what in (MPJPE, PA_MPJPE, PVE)] for row in rows] == [
        [82.0, 50.9, 97.9],
        [74.5, 46.5, 88.6],
    ]


def test_a_row_belongs_to_the_first_entry_that_chooses_it():
    rows = chosen(Entry({"method": "PARE", "test_dataset": "3DPW"}, "pare"), Entry({"test_dataset": "3DPW"}))
    assert {row.model for row in rows if row.method == "PARE"} == {"pare"}
    assert {row.model for row in rows if row.method != "PARE"} == {""}


def test_metrics_of_two_units_stay_apart():
    units = {what.unit for row in chosen(Entry({"test_dataset": "3DPW"}), metrics=["Accel"]) for what in row.numbers}
    assert units == {"mm/frame^2", "m/s^2"}


def test_both_spellings_of_the_occlusion_subset_are_sets_of_their_own(quoted):
    rows = quoted("occlusion")
    pare = {row.dataset: row.numbers[MPJPE].value for row in rows if row.method == "PARE" and row.backbone != ""}
    assert pare == {"3DPW-OCC": 90.5}
    assert {row.dataset for row in rows if row.method == "PARE"} >= {"3DPW-OC", "3DPW-OCC"}


@pytest.mark.parametrize(
    ("where", "complaint"),
    [
        ({"method": "PAER"}, "no row with"),
        ({"metod": "PARE"}, "did you mean 'method'"),
        ({"method": "PARE", "test_dataset": "AGORA"}, "no row with"),
        ({"method": "PARE", "test_dataset": "3DPW-OC"}, "datasets must name 3DPW-OC"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused(where, complaint):
    with pytest.raises(UserError, match=complaint):
        chosen(Entry(where), metrics=["PA-MPJPE"])
