"""A table as CSV: a line a number, so that programs can read it."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from benchmarks.layout import Cell, Line, Table
from benchmarks.results import Column

COLUMNS = (
    *("data set", "row", "kind", "method", "backbone", "training data", "protocol", "card hash", "measured"),
    *("metric", "unit", "value", "low", "high", "spread", "mark", "against row", "half-widths", "source"),
)


def as_csv(table: Table) -> str:
    """Published, measured, and `distance` lines: measured less published, `half-widths` of the interval apart."""
    lines = [
        {"data set": block.name} | number
        for block in table.blocks
        for line in block.lines
        for column, cell in line.cells.items()
        for number in _numbers(line, column, cell)
    ]
    return pd.DataFrame(lines, columns=list(COLUMNS)).astype({"against row": "Int64"}).to_csv(index=False)


def _numbers(line: Line, column: Column, cell: Cell) -> Iterator[dict[str, Any]]:
    row, found = line.row, cell.number
    common = {
        "row": line.place,
        "kind": row.kind,
        "method": row.method,
        "backbone": row.backbone,
        "training data": row.training,
        "protocol": row.protocol,
        "card hash": row.card.hash if row.card else "",
        "measured": line.measured,
        "metric": column.what.name,
        "unit": column.what.unit,
        "source": "; ".join(found.source),
    }
    yield common | {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "spread": found.spread,
        "mark": cell.mark,
    }
    for one in cell.distances:
        apart = {"kind": "distance", "value": one.value, "against row": one.row, "half-widths": one.half_widths}
        yield common | apart
