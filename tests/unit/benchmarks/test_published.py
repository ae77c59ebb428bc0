"""The published numbers keep their rules, and each rule names the line that breaks it."""

import pandas as pd
import pytest

from benchmarks.published import COLUMNS, PATH, RANGES, published
from hpe.errors import UserError


@pytest.fixture(scope="module")
def rows():
    return published()


def test_the_columns_are_those_that_tables_select_on(rows):
    assert tuple(rows) == (*COLUMNS, "kind")
    assert rows["value"].dtype == float


def test_no_row_is_lost(rows):
    assert len(rows) == len(PATH.read_text().splitlines()) - 1


@pytest.mark.parametrize(
    ("method", "protocol", "numbers"),
    [
        ("PARE", "test; 3DPW not in training", [82.0, 50.9, 97.9]),
        ("PARE", "test; trained with 3DPW-train", [74.5, 46.5, 88.6]),
        ("MPQA", "test; 3DPW not in training", [83.4, 49.7, 97.0]),
        ("MPQA", "test; trained with 3DPW-train", [71.6, 44.8, 83.4]),
    ],
)
def test_the_targets_of_our_systems_are_the_authors_own(method, protocol, numbers, rows):
    own = rows[rows["method"].str.startswith(method) & (rows["kind"] == "primary") & (rows["test_dataset"] == "3DPW")]
    own = own[own["split_or_protocol"] == protocol]
    assert [set(own["value"][own["metric"] == metric]) for metric in ("MPJPE", "PA-MPJPE", "PVE")] == [
        {number} for number in numbers
    ]


@pytest.fixture
def break_line(tmp_path):
    """Writes the first rows of the file with one field of line 3 changed; `twice` repeats that line."""

    def change(twice=False, **fields):
        table = pd.read_csv(PATH, dtype=str, keep_default_na=False, nrows=6)
        for name, text in fields.items():
            table.loc[1, name] = text
        if twice:
            table = pd.concat([table.iloc[:2], table.iloc[1:]])
        path = tmp_path / "published.csv"
        table.to_csv(path, index=False)
        return path

    return change


def test_a_good_file_passes(break_line):
    assert len(published(break_line())) == 6


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"method": ""}, "method is empty"),
        ({"source": ""}, "source is empty"),
        ({"split_or_protocol": "test "}, "split_or_protocol 'test ' has blanks around it"),
        ({"year": "19"}, "year '19' is no year"),
        ({"verified": "maybe"}, "verified is 'maybe', not yes or no"),
        ({"source": "tertiary: hearsay"}, "does not begin with primary: or secondary:"),
        ({"metric": "MPJE"}, r"unknown metric 'MPJE' \(known: MPJPE"),
        ({"unit": "m"}, "PA-MPJPE is not given in 'm'"),
        ({"metric": "Accel", "unit": "mm"}, "Accel is not given in 'mm'"),
        ({"value": "low"}, "value 'low' is not a positive number"),
        ({"value": "-71.6"}, "value '-71.6' is not a positive number"),
        ({"value": "nan"}, "value 'nan' is not a positive number"),
        ({"value": "0.0716"}, "PA-MPJPE of 0.0716 mm cannot be"),
        ({"value": "171.6"}, "PA-MPJPE of SPIN is above its MPJPE"),
        ({"venue": "Nature"}, "venue of SPIN is another one above"),
        ({"method": "SPIN {0}", "year": "x"}, "year 'x' is no year"),
    ],
)
def test_a_broken_rule_names_the_line(fields, fault, break_line):
    with pytest.raises(UserError, match=rf"published\.csv, line [23]: .*{fault}") as caught:
        published(break_line(**fields))
    assert "\n" not in str(caught.value)


def test_one_source_gives_a_number_once(break_line):
    with pytest.raises(UserError, match="line 4: PA-MPJPE of SPIN on 3DOH50K from this source comes twice"):
        published(break_line(twice=True))
    with pytest.raises(UserError, match="line 4: PA-MPJPE of SPIN on 3DOH50K from this source comes twice"):
        published(break_line(twice=True, value="70.0"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "cannot be read as a table"),
        ("method,year\nSPIN,2019\n", "has the columns method, year; expected are method"),
        (",".join(COLUMNS) + "\nSPIN,2019\n", "line 2: venue is empty"),
        (",".join(COLUMNS) + "\nSPIN" + "," * 20 + "\n", "has more fields in a row than columns"),
        (",".join(COLUMNS) + '\n"SPIN,2019\n', "cannot be read as a table"),
    ],
)
def test_a_file_that_is_no_such_table_is_named(text, fault, tmp_path):
    path = tmp_path / "published.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=rf"published\.csv.*{fault}") as caught:
        published(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match="cannot be read as a table"):
        published(tmp_path / "published.csv")


def test_every_unit_has_its_range(rows):
    assert set(rows["unit"]) == set(RANGES)
