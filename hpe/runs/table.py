"""Tables of measured numbers: one run beside its baseline, and a sweep with its spread over seeds."""

import math
from collections.abc import Sequence

import pandas as pd
from rich import print as show
from rich.table import Table

from hpe.metrics.card import one_protocol
from hpe.runs.folders import FREE_KEYS
from hpe.runs.records import Record
from hpe.scoring.summary import METRICS

UNITS = {"mpjae": "MPJAE, degrees", "pa_mpjae": "PA-MPJAE, degrees", "jitter": "jitter, m/s^3"}
SHARES = {"pck150": "PCK@150, %", "auc150": "AUC, %", "a_pck150": "A-PCK@150, %", "challenge_pck50": "PCK@50, %"}
LABELS = METRICS | UNITS | SHARES | {"challenge_auc": "AUC, 0 to 1"}


def number(value: float) -> str:
    """A metric as it is printed: one decimal, a dash where it is undefined."""
    return "-" if math.isnan(value) else f"{value:.1f}"


def print_result(record: Record) -> None:
    """Print the metrics of one run with their 95 % intervals, beside the mean-pose baseline and in per cent of it."""
    counts = f"{record.samples} samples of {record.sequences} sequences"
    shown = {name: LABELS.get(name, name) for name in (*METRICS, *record.card["metrics"])}
    table = Table("mm", title=f"{record.model} on {record.data} {record.split}, {counts}")
    for label in shown.values():
        table.add_column(label, justify="right")
    table.add_row(record.model, *(number(record.metrics[name]) for name in shown))
    table.add_row("95 % interval", *(ends(record.intervals.get(name)) for name in shown))
    table.add_row("mean pose", *(number(record.baseline[name]) for name in shown))
    ratios = (100 * record.metrics[name] / (record.baseline[name] or math.nan) for name in shown)
    table.add_row("ratio, %", *(number(ratio) for ratio in ratios))
    show(table)
    show("; ".join([f"protocol {record.protocol}", *_left_out(record)]))


def ends(interval: Sequence[float] | None) -> str:
    """Low and high end of an interval; a dash where there is none."""
    if interval is None or any(map(math.isnan, interval)):
        return "-"
    return " to ".join(map(number, interval))


def _left_out(record: Record) -> list[str]:
    counted = {name: record.undefined.get(name, 0) for name in record.card["metrics"]}
    undefined = [f"{count} without {LABELS.get(name, name)}" for name, count in counted.items() if count]
    return undefined + ([f"{len(record.skipped)} pictures skipped"] if record.skipped else [])


def sweep_table(records: Sequence[Record]) -> pd.DataFrame:
    """Print and return mean and standard deviation over seeds, in mm, one row a configuration.

    Rows are told apart by the overrides in which the runs differ. Columns are (metric, mean | std | count);
    the spread of a single run is NaN. Raises UserError, naming the fields, for records of different protocols.
    """
    card = one_protocol(record.protocol for record in records)
    configurations = pd.DataFrame([_configuration(record) for record in records])
    settings = list(configurations)
    rows = configurations.join(pd.DataFrame([record.metrics for record in records]))
    differing = [name for name in settings if rows[name].nunique(dropna=False) > 1] or ["model"]
    table = rows.fillna(dict.fromkeys(settings, "")).groupby(differing)[list(METRICS)].agg(["mean", "std", "count"])
    _print_sweep(table, str(card))
    return table


def _configuration(record: Record) -> dict[str, str]:
    """All that the user set but the seed, and how it came to be."""
    overrides = {name: value for name, _, value in (override.partition("=") for override in record.overrides)}
    named = {"model": record.model, "data": record.data, "split": record.split}
    return {name: value for name, value in (overrides | named).items() if name not in ("seed", *FREE_KEYS)}


def _print_sweep(table: pd.DataFrame, protocol: str) -> None:
    output = Table(*map(str, table.index.names), title=f"mean ± standard deviation over seeds, mm; {protocol}")
    for label in (*METRICS.values(), "runs"):
        output.add_column(label, justify="right")
    for key, row in table.iterrows():
        cells = [_with_spread(row[name]) for name in METRICS]
        output.add_row(*(key if isinstance(key, tuple) else (key,)), *cells, f"{row[('mpjpe', 'count')]:.0f}")
    show(output)


def _with_spread(cell: pd.Series) -> str:
    spread = "" if math.isnan(cell["std"]) else f" ± {cell['std']:.1f}"
    return number(cell["mean"]) + spread
