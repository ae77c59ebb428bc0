"""The rows of a table: published numbers and measured ones, kept apart by data set and protocol."""

from pathlib import Path

import pandas as pd

from benchmarks.definitions import Definition, Entry
from hpe.errors import UserError, did_you_mean
from hpe.runs.records import METRICS, Record

NOT_MEASURED = "not measured here"
KEY = ["data set", "method", "backbone", "training data", "protocol", "kind", "source", "measured"]
PUBLISHED_COLUMNS = {
    "test_dataset": "data set",
    "train_data": "training data",
    "split_or_protocol": "protocol",
}


def table_rows(table: Definition, published: pd.DataFrame, records: dict[Path, Record]) -> pd.DataFrame:
    """One row a result, one column a metric in mm, NaN where the source does not give it.

    Columns before the metrics are `KEY`. Every record appears, under the name of its own data set where the
    table has no published set for it.
    """
    parts = [_published_rows(entry, table, published, records) for entry in table.entries]
    measured = [_measured_row(folder, record, table) for folder, record in records.items()]
    rows = pd.concat([*parts, pd.DataFrame(measured, columns=[*KEY, *METRICS.values()])], ignore_index=True)
    order = {name: place for place, name in enumerate(table.datasets)}
    return rows.sort_values("data set", kind="stable", key=lambda names: names.map(order).fillna(len(order)))


def _published_rows(
    entry: Entry, table: Definition, published: pd.DataFrame, records: dict[Path, Record]
) -> pd.DataFrame:
    """The entry's published numbers, those of one source and protocol on one row."""
    chosen = _chosen(entry, published)
    data = table.datasets[chosen["test_dataset"].iloc[0]]
    runs = sum((record.model, record.data) == (entry.model, data) for record in records.values())
    named = chosen.rename(columns=PUBLISHED_COLUMNS).assign(measured=_runs(runs))
    wide = named.pivot(index=KEY, columns="metric", values="value")
    return wide.reindex(columns=list(METRICS.values())).rename_axis(columns=None).reset_index()


def _runs(count: int) -> str:
    return f"{count} run{'s' * (count > 1)}, below" if count else NOT_MEASURED


def _chosen(entry: Entry, published: pd.DataFrame) -> pd.DataFrame:
    """Published rows whose columns have the entry's values; units that are not mm have no column in the table."""
    if unknown := [name for name in entry.where if name not in published]:
        raise UserError(f"published.csv has no column '{unknown[0]}'; {did_you_mean(unknown[0], published.columns)}")
    match = (published[list(entry.where)] == pd.Series(entry.where)).all(axis=1)
    chosen = published[match & published["metric"].isin(METRICS.values())]
    if chosen.empty:
        raise UserError(f"published.csv has no row with {entry.where}; correct the entry in benchmarks/tables/")
    return chosen


def _measured_row(folder: Path, record: Record, table: Definition) -> dict[str, str | float]:
    ours = {data: published for published, data in table.datasets.items()}
    numbers = {label: record.metrics[name] for name, label in METRICS.items()}
    return numbers | {
        "data set": ours.get(record.data, record.data),
        "method": f"{record.model}, seed {record.seed}",
        "backbone": "",
        "training data": "",
        "protocol": f"{record.split}; {record.protocol}",
        "kind": "measured",
        "source": str(folder),
        "measured": f"{record.samples} samples",
    }
