"""How a row and its numbers read, in every format but CSV."""

import math

from benchmarks.layout import Block, Cell, Distance, Line
from benchmarks.results import Column
from hpe.runs.table import number


def words(line: Line, block: Block) -> list[str]:
    """The cells of `layout.WORDS`: sources are numbered, in the order of `sources`."""
    row = line.row
    reference = f"{row.kind} [{sources(block).index(row.source) + 1}]"
    return [str(line.place), row.method, row.backbone, row.training, row.protocol, line.measured, reference]


def sources(block: Block) -> list[str]:
    """What the numbered references of a block stand for."""
    return list(dict.fromkeys(line.row.source for line in block.lines))


def origins(block: Block) -> list[str]:
    """One line a source: that of a published row, or run, card, commit, checkpoint and command of a measured one."""
    first = {line.row.source: line for line in reversed(block.lines)}
    texts = [_origin(first[source]) for source in sources(block)]
    return [f"[{place}] {text}" for place, text in enumerate(texts, start=1)]


def _origin(line: Line) -> str:
    """What all numbers of a line share."""
    if line.row.card is None or not line.cells:
        return line.row.source
    first, *others = (cell.number.source for cell in line.cells.values())
    return "; ".join(part for part in first if all(part in other for other in others))


def head(column: Column, block: Block) -> tuple[str, str]:
    """The two lines over a column: its group and its quantity."""
    return block.groups[column.group], column.what.label


def value(cell: Cell) -> str:
    """A published number with the digits of its source; a measured one with its spread, if it has one, and interval."""
    found = cell.number
    if not found.metric:
        return str(found.value)
    spread = "" if math.isnan(found.spread) else f" ± {number(found.spread)}"
    return f"{number(found.value)}{spread} [{number(found.low)}, {number(found.high)}]"


def distances(cell: Cell) -> list[str]:
    """One line a published number that a measured one is compared with."""
    return [_distance(one) for one in cell.distances if not math.isnan(one.value)]


def _distance(one: Distance) -> str:
    return f"#{one.row} {one.value:+.1f} ({number(one.half_widths)} h)"
