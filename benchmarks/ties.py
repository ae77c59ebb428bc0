"""Which measured number of a column is the best one, and which cannot be told from it."""

import glob
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from benchmarks.results import Column, Row
from hpe.metrics.bootstrap import Reduction
from hpe.metrics.comparison import PERSON, paired
from hpe.runs.loading import ERRORS, load

BEST, TIE = "best", "tie"
RULE = (
    "best: alone at the top of its column, bold where the format has bold. tie: its difference from the column's best "
    "number is within the 95 % interval of that difference over sequences, paired by person; where the runs do not "
    "both keep errors of the same people, the two intervals overlap. Ties are not bold. Published numbers have no "
    "interval and take no part."
)


def marks(rows: Sequence[Row], column: Column) -> list[str]:
    """BEST, TIE or nothing for the number of each row in a column; nothing where one measured number stands alone."""
    ours = {place: _value(row, column) for place, row in enumerate(rows) if row.card and row.in_column(column)}
    known = {place: value for place, value in ours.items() if not math.isnan(value)}
    found = [""] * len(rows)
    if len(known) < 2:
        return found
    best = (max if column.what.more_is_better else min)(known, key=lambda place: known[place])
    tied = [place for place in known if place != best and _tie(rows[best], rows[place], column)]
    for place in tied:
        found[place] = TIE
    found[best] = TIE if tied else BEST
    return found


def _value(row: Row, column: Column) -> float:
    return row.numbers[column.what].value


def _tie(best: Row, other: Row, column: Column) -> bool:
    one, two = best.numbers[column.what], other.numbers[column.what]
    first, second = _errors(best, one.metric), _errors(other, two.metric)
    assert best.card is not None
    # Under `micro` a person weighs as much as the joints that are labelled: a mean over people is another number.
    if first is None or second is None or not first.index.equals(second.index) or best.card.missing == "micro":
        return not (one.high < two.low or two.high < one.low)
    sequences = first.index.get_level_values("sequence").to_numpy(str)
    reduction: Reduction = "sequence" if best.card.reduction == "sequence" else "frame"
    return paired(first.to_numpy(float), second.to_numpy(float), sequences, reduction=reduction).tie


def _errors(row: Row, metric: str) -> "pd.Series[float] | None":
    """The error of each person, meaned over seeds; None where a run does not keep it."""
    tables = [_kept(folder) for folder in row.folders]
    if any(table is None or metric not in table for table in tables):
        return None
    return pd.concat(tables).groupby(PERSON)[metric].mean()


@cache
def _kept(folder: Path) -> pd.DataFrame | None:
    """Errors of a run. Raises UserError where they are there and cannot be read."""
    return load(glob.escape(str(folder))) if (folder / ERRORS).is_file() else None
