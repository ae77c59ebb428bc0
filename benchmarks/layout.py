"""From rows to tables: a block a test set, in it a group of columns for what is published and one a protocol card."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.definitions import Definition
from benchmarks.quantities import Quantity
from benchmarks.results import Column, Number, Row
from benchmarks.ties import RULE, marks
from hpe.metrics.card import one_protocol

NOT_MEASURED = "not measured here"
WORDS = ("#", "method", "backbone", "training data", "protocol", "measured", "source")
FOOTER = (
    "Errors in mm where no unit is given. Published numbers are as printed by their source, under the protocol that it "
    "states. A secondary source quotes somebody else; it is left out where the authors' own number is in the table.",
    "Measured: mean [95 % interval over sequences]; of several seeds mean ± standard deviation [mean of the intervals' "
    "ends]. Every protocol card, name@version (hash), has columns of its own.",
    "#1 +0.4 (0.2 h): distance from the published number of row 1, the same model on the same data, and the same in "
    "half-widths h of the 95 % interval. Whatever the two protocols differ in is part of it.",
    RULE,
)


@dataclass(frozen=True)
class Distance:
    """Measured less published number of another row, in the column's unit and in half-widths of the interval."""

    row: int
    value: float
    half_widths: float


@dataclass(frozen=True)
class Cell:
    """A number as it stands in a table, marked as `ties.marks` has it."""

    number: Number
    mark: str
    distances: tuple[Distance, ...]


@dataclass(frozen=True)
class Line:
    """A row of a block: its place from 1, `measured` in words, and its cells by column; no cell where none is known."""

    place: int
    row: Row
    measured: str
    cells: dict[Column, Cell]


@dataclass(frozen=True)
class Block:
    """All that is known of one test set; `groups` holds the head of each group of columns."""

    name: str
    groups: dict[str, str]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """What every format prints."""

    title: str
    blocks: tuple[Block, ...]
    footer: tuple[str, ...] = FOOTER


def laid_out(table: Definition, quoted: Sequence[Row], measured: Sequence[Row]) -> Table:
    """Blocks in the order of the definition, then those of other data; measured rows beside published ones."""
    others = {row.dataset for row in (*quoted, *measured)} - set(table.datasets)
    blocks = []
    for name in (*table.datasets, *sorted(others)):
        if rows := _beside(*([row for row in part if row.dataset == name] for part in (quoted, measured))):
            blocks.append(_block(name, rows, table.metrics))
    return Table(table.title, tuple(blocks))


def _beside(quoted: list[Row], measured: list[Row]) -> list[Row]:
    """Measured rows after the last published row of their model, and last where there is none."""
    last = {row.model: place for place, row in enumerate(quoted) if row.model}
    places = [*range(len(quoted)), *(last.get(row.model, len(quoted)) for row in measured)]
    pairs = zip(places, [*quoted, *measured], strict=True)
    return [row for _, row in sorted(pairs, key=lambda pair: pair[0])]


def _block(name: str, rows: list[Row], metrics: list[str]) -> Block:
    groups = _groups(rows)
    columns = _columns(rows, groups, metrics)
    marked = {column: marks(rows, column) for column in columns}
    return Block(name, groups, columns, tuple(_line(place, rows, columns, marked) for place in range(len(rows))))


def _groups(rows: list[Row]) -> dict[str, str]:
    """The head of each group of columns, in the order of the rows."""
    cards = {row.group: [other.card for other in rows if other.card and other.group == row.group] for row in rows}
    return {group: str(one_protocol(own)) if own else group for group, own in cards.items()}


def _columns(rows: list[Row], groups: dict[str, str], metrics: list[str]) -> tuple[Column, ...]:
    """Groups in their order, metrics in that of the definition."""
    known = {Column(row.group, what) for row in rows for what in row.numbers}
    order = list(groups)
    return tuple(sorted(known, key=lambda one: (order.index(one.group), metrics.index(one.what.name), one.what.unit)))


def _line(place: int, rows: list[Row], columns: tuple[Column, ...], marked: dict[Column, list[str]]) -> Line:
    row = rows[place]
    cells = {
        column: Cell(row.numbers[column.what], marked[column][place], _distances(row, column.what, rows))
        for column in columns
        if row.in_column(column)
    }
    return Line(place + 1, row, row.people or _runs(row, rows), cells)


def _runs(row: Row, rows: list[Row]) -> str:
    """Which rows of the block are measured with the model of a published one."""
    places = [f"#{place}" for place, other in enumerate(rows, start=1) if other.card and other.model == row.model]
    return f"here: {', '.join(places)}" if places else NOT_MEASURED


def _distances(row: Row, what: Quantity, rows: list[Row]) -> tuple[Distance, ...]:
    """From every published number of the same model; rows are of one test set."""
    return tuple(
        _distance(place, row.numbers[what], other.numbers[what])
        for place, other in enumerate(rows, start=1)
        if row.card and not other.card and other.model == row.model and what in other.numbers
    )


def _distance(place: int, measured: Number, published: Number) -> Distance:
    apart = measured.value - published.value
    return Distance(place, apart, abs(apart) / measured.half_width if measured.half_width else math.nan)
