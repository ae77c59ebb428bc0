import pytest

from benchmarks.published import published

COLUMNS = "method year venue backbone train_data test_dataset split_or_protocol metric value unit source verified kind"
RESULT = ["method", "backbone", "train_data", "test_dataset", "split_or_protocol", "metric", "source"]


@pytest.fixture(scope="module")
def rows():
    return published()


def test_the_columns_are_those_that_tables_select_on(rows):
    assert list(rows) == COLUMNS.split()


def test_values_are_positive_numbers(rows):
    assert (rows["value"] > 0).all()


def test_units_are_known_and_lengths_are_in_mm(rows):
    assert set(rows["unit"]) == {"mm", "mm/frame^2", "m/s^2", "m", "%"}
    assert (rows["unit"][rows["metric"].isin(["MPJPE", "PA-MPJPE", "PVE"])] == "mm").all()


def test_every_row_says_who_reports_it(rows):
    assert set(rows["kind"]) == {"primary", "secondary"}
    assert (rows["verified"] == "yes").all()


@pytest.mark.parametrize("column", ["method", "test_dataset", "split_or_protocol", "metric", "source"])
def test_what_identifies_a_number_is_never_empty(column, rows):
    assert (rows[column] != "").all()


def test_no_source_gives_a_number_twice(rows):
    assert not rows.duplicated(RESULT).any()
