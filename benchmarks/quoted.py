"""Published rows of a table, out of `published.csv`."""

from typing import Any

import pandas as pd

from benchmarks.definitions import Definition, Entry, accepts
from benchmarks.published import PATH, SETTING
from benchmarks.quantities import Quantity
from benchmarks.results import Number, Row
from hpe.errors import UserError, did_you_mean


def quoted_rows(table: Definition, published: pd.DataFrame) -> list[Row]:
    """One row a method, test set, protocol and source, in the order of the entries.

    Raises UserError for an entry that chooses nothing, or a test set that the table does not name.
    """
    parts, free = [], published
    for place, entry in enumerate(table.entries):
        chosen = _chosen(entry, published, table.metrics).assign(entry=place)
        parts.append(chosen[chosen.index.isin(free.index)])
        free = free.drop(parts[-1].index)
    groups = _authors_first(pd.concat(parts)).groupby(["entry", *SETTING], sort=False)
    return [_row(table.entries[numbers["entry"].iloc[0]], numbers, table) for _, numbers in groups]


def _chosen(entry: Entry, published: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    if unknown := [name for name in entry.where if name not in published]:
        raise UserError(f"published.csv has no column '{unknown[0]}'; {did_you_mean(unknown[0], published.columns)}")
    match = published["metric"].isin(metrics)
    for name in entry.where:
        match &= published[name].isin(accepts(entry.where, name))
    if not match.any():
        raise UserError(f"published.csv has no row with {entry.where}; correct the entry in benchmarks/tables/")
    return published[match]


def _authors_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Without quotations of a method's number on a set where its authors' own are among the rows."""
    primary = rows["kind"] == "primary"
    told = primary.groupby([rows[name] for name in ("method", "test_dataset", "metric")]).transform("any")
    return rows[primary | ~told]


def _row(entry: Entry, numbers: pd.DataFrame, table: Definition) -> Row:
    """The numbers of one source, of which all but metric, value and unit are the same."""
    first = numbers.iloc[0]
    if first["test_dataset"] not in table.datasets:
        raise UserError(f"a table's datasets must name {first['test_dataset']}, of which it has {first['method']}")
    return Row(
        dataset=first["test_dataset"],
        model=entry.model,
        method=first["method"],
        backbone=first["backbone"],
        training=first["train_data"],
        protocol=first["split_or_protocol"],
        source=first["source"],
        kind=first["kind"],
        people="",
        numbers=dict(map(_number, numbers.itertuples())),
    )


def _number(row: Any) -> tuple[Quantity, Number]:
    # The file's first line holds the names of its columns, and lines are counted from 1.
    place = f"{PATH.name}, line {row.Index + 2}: {row.metric} {row.value} {row.unit}"
    said = f"protocol as stated: {row.split_or_protocol}"
    return Quantity(row.metric, row.unit), Number(row.value, (place, row.source, said))
