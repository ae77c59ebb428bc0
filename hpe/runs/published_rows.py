"""The published rows that a system's weights can be judged by, out of the table of published numbers."""

from collections.abc import Mapping

import pandas as pd

from hpe.errors import UserError, did_you_mean
from hpe.runs.verdict import PublishedRow
from hpe.scoring.summary import METRICS


def published_rows(numbers: pd.DataFrame, choices: Mapping[str, Mapping[str, str]]) -> list[PublishedRow]:
    """The row of each choice, by its name: a choice gives the values of columns, metrics are those of `METRICS`.

    `numbers` has a row a number, with columns metric, value (mm), source. Raises UserError, naming the choice, for one
    that chooses nothing, or two numbers of a metric.
    """
    return [_row(numbers, name, choice) for name, choice in choices.items()]


def _row(numbers: pd.DataFrame, name: str, choice: Mapping[str, str]) -> PublishedRow:
    where = f"released.rows.{name}"
    for column in choice:
        if column not in numbers:
            raise UserError(f"{where}: published numbers have no '{column}'; {did_you_mean(column, map(str, numbers))}")
    chosen = numbers[numbers["metric"].isin(METRICS.values())]
    for column, value in choice.items():
        chosen = chosen[chosen[column] == value]
    if chosen.empty or chosen["metric"].duplicated().any():
        fault = "nothing" if chosen.empty else f"{len(chosen)} numbers, several of a metric"
        raise UserError(f"{where} chooses {fault} among the published numbers; name source and split_or_protocol")
    values = dict(zip(chosen["metric"], chosen["value"], strict=True))
    found = {ours: float(values[theirs]) for ours, theirs in METRICS.items() if theirs in values}
    return PublishedRow(name, found, f"{chosen.iloc[0]['method']}, {chosen.iloc[0]['source']}")
