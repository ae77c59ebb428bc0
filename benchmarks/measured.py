"""Measured rows of a table, out of result records: seeds of one configuration share a row."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.definitions import Definition, accepts
from benchmarks.quantities import measured_quantities
from benchmarks.results import Number, Row
from hpe.metrics.card import one_protocol
from hpe.metrics.comparison import Spread
from hpe.runs.records import Record

Runs = Mapping[Path, Record]
# Overrides that leave the configuration as it is, or that have a column of their own.
NO_SETTING = ("seed", "model", "data", "resume", "debug")


def measured_rows(table: Definition, records: Runs) -> list[Row]:
    """One row a configuration among the runs that the table chooses.

    Runs of one configuration differ in their seed alone: model, data, protocol, overrides, commit and data store are
    the same. A seed that was run again opens a row of its own.
    """
    chosen = {folder: record for folder, record in records.items() if _matches(table, record)}
    keys = pd.DataFrame([_key(record) for record in chosen.values()], index=pd.Index(chosen, dtype=object))
    if keys.empty:
        return []
    again = keys.assign(seed=[record.seed for record in chosen.values()])
    keys["repeat"] = again.groupby(list(again)).cumcount()
    groups = keys.groupby(list(keys), sort=False).groups.values()
    return [_row(table, {folder: chosen[folder] for folder in group}) for group in groups]


def _matches(table: Definition, record: Record) -> bool:
    return all(getattr(record, name) in accepts(table.runs, name) for name in table.runs)


def _key(record: Record) -> dict[str, str]:
    own = {"model": record.model, "data": record.data, "card": record.card_hash, "setting": _setting(record)}
    return own | {"commit": record.commit or "", "data_hash": record.data_hash or ""}


def _setting(record: Record) -> str:
    """What the user changed, but the seed and where files lie."""
    names = {override: override.partition("=")[0].lstrip("+") for override in record.overrides}
    return " ".join(override for override, name in names.items() if name not in NO_SETTING and "paths." not in name)


def _row(table: Definition, runs: Runs) -> Row:
    first = next(iter(runs.values()))
    card = one_protocol(record.protocol for record in runs.values())
    wanted = {name: what for name, what in measured_quantities(card).items() if what.name in table.metrics}
    ours = {data: published for published, data in table.datasets.items()}
    return Row(
        dataset=ours.get(first.data, first.data),
        model=first.model,
        method=_name(runs),
        backbone="",
        training="",
        protocol=str(card),
        source="; ".join(map(str, runs)),
        kind="measured",
        people=f"{first.samples} samples of {first.sequences} sequences",
        numbers={what: _number(name, runs) for name, what in wanted.items()},
        card=card,
        folders=tuple(runs),
    )


def _name(runs: Runs) -> str:
    first = next(iter(runs.values()))
    seeds = ", ".join(str(record.seed) for record in runs.values())
    return " ".join(filter(None, (f"{first.model}, seed{'s' * (len(runs) > 1)} {seeds}", _setting(first))))


def _number(name: str, runs: Runs) -> Number:
    """Mean and spread over the runs, and the mean of their intervals' ends."""
    found = Spread.of([record.metrics.get(name, np.nan) for record in runs.values()])
    ends = np.array([record.intervals.get(name, [np.nan, np.nan]) for record in runs.values()])
    low, high = map(float, ends.mean(axis=0))
    lines = tuple(line for folder, record in runs.items() for line in _origin(folder, record))
    return Number(found.mean, lines, name, low, high, found.deviation)


def _origin(folder: Path, record: Record) -> tuple[str, ...]:
    made = f"commit {record.commit or 'unknown'}, checkpoint {record.checkpoint or 'none'}"
    return (f"run {folder}", f"card {record.protocol}", f"{made}, data {record.data_hash or 'unknown'}", record.command)
