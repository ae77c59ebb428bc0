"""How rows become a table: columns by protocol, distances from published rows."""

import math
from dataclasses import replace

import pytest

from benchmarks.definitions import names
from benchmarks.layout import NOT_MEASURED
from hpe.runs.records import Record


def columns(block):
    return {column.group: block.groups[column.group] for column in block.columns}


def test_two_protocols_share_no_column(measure, table):
    folders = [measure("pare", card="pare_3dpw"), measure("vibe", card="vibe_3dpw")]
    cards = [Record.read(folder / "summary.json").protocol for folder in folders]
    (block,) = table().blocks
    assert columns(block) == {"published": "published"} | {card.hash: str(card) for card in cards}
    for line in block.lines:
        assert {column.group for column in line.cells} == {line.row.group}


def test_one_protocol_under_two_names_shares_its_columns(measure, table):
    card = Record.read(measure("first") / "summary.json").protocol
    measure("second", card=replace(card, name="mine"), seed=1)
    assert columns(table().blocks[0]) == {"published": "published", card.hash: str(card)}


@pytest.mark.parametrize("name", names())
def test_what_was_not_measured_says_so(name, table):
    lines = [line for block in table(name).blocks for line in block.lines]
    assert lines
    assert {line.measured for line in lines} == {NOT_MEASURED}


def test_a_published_row_names_the_rows_that_measure_it(measure, table):
    measure("run")
    assert [line.measured for line in table().blocks[0].lines] == [
        "here: #3",
        "here: #3",
        "240 samples of 12 sequences",
    ]


def test_a_measured_number_tells_its_distance_from_each_published_one(measure, table):
    record = Record.read(measure("run", mean=83) / "summary.json")
    *published, measured = table().blocks[0].lines
    cell = next(cell for column, cell in measured.cells.items() if column.what.name == "MPJPE")
    mean, (low, high) = record.metrics["mpjpe"], record.intervals["mpjpe"]
    assert [one.row for one in cell.distances] == [line.place for line in published]
    assert [one.value for one in cell.distances] == pytest.approx([mean - 82.0, mean - 74.5])
    assert [one.half_widths for one in cell.distances] == pytest.approx(
        [abs(one.value) / ((high - low) / 2) for one in cell.distances]
    )


def test_another_model_or_data_set_has_no_distance(measure, table):
    measure("model", model="hrnet")
    measure("data", data="synthetic")
    cells = [cell for block in table("systems").blocks for line in block.lines for cell in line.cells.values()]
    assert all(cell.distances == () for cell in cells)


def test_without_an_interval_half_widths_are_undefined(measure, table):
    measure("run", intervals={})
    cells = table().blocks[0].lines[-1].cells.values()
    assert all(math.isnan(one.half_widths) for cell in cells for one in cell.distances)


def test_other_data_stand_last_under_their_own_name(measure, table):
    measure("run", data="synthetic", card="synthetic")
    assert [block.name for block in table().blocks] == ["3DPW", "synthetic"]


def test_measured_rows_follow_the_published_ones_of_their_model(measure, table):
    measure("run", model="mpqa")
    measure("unknown", model="hrnet")
    models = [line.row.model for line in table("systems").blocks[0].lines]
    assert models == ["pare"] * 2 + ["mpqa"] * 4 + ["parallel_branch"] + ["propose"] * 2 + ["hrnet"]
    assert [line.place for line in table("systems").blocks[0].lines] == list(range(1, len(models) + 1))
