"""The numbers that others have published, each with its source: `published.csv`, checked whenever it is read."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from hpe.errors import UserError

PATH = Path(__file__).with_name("published.csv")
COLUMNS = (
    *("method", "year", "venue", "backbone", "train_data", "test_dataset", "split_or_protocol"),
    *("metric", "value", "unit", "source", "verified"),
)
MAY_BE_EMPTY = ("backbone", "train_data")  # the source does not say
KINDS = ("primary", "secondary")
# Units of each metric. An acceleration in one of its two units is not the other's by any factor alone.
METRICS = {
    **dict.fromkeys(("MPJPE", "PA-MPJPE", "PVE", "MVE", "W-MPJPE", "WA-MPJPE", "mean primary error"), ("mm",)),
    **dict.fromkeys(("MRPE", "MRPE_x", "MRPE_y", "MRPE_z"), ("mm", "m")),
    **dict.fromkeys(("3DPCK_rel", "AP_25"), ("%",)),
    "Accel": ("mm/frame^2", "m/s^2"),
}
# What a number in each unit can be: metres that are called millimetres, and shares that are called per cent, are not.
RANGES = {"mm": (10, 1000), "m": (0.01, 10), "%": (1, 100), "mm/frame^2": (1, 1000), "m/s^2": (1, 1000)}
SETTING = ["method", "backbone", "train_data", "test_dataset", "split_or_protocol", "source"]


def published(path: Path = PATH) -> pd.DataFrame:
    """All published numbers, one a row, as text but for `value`; `kind` says who reports it.

    A primary row is the authors' own report on their own method, a secondary row somebody else's quotation.
    An empty backbone or train_data means that the source does not say. Raises UserError, naming the line, for a file
    that breaks a rule of `findings`.
    """
    rows = _read(path)
    for wrong, fault in findings(rows):
        if wrong.any():
            line = int(wrong.to_numpy().argmax())
            raise UserError(f"{path}, line {line + 2}: {fault.format_map(rows.iloc[line])}; correct the file")
    return rows.astype({"value": float}).assign(kind=_kind(rows))


def _read(path: Path) -> pd.DataFrame:
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as a table ({str(error).splitlines()[0]})") from error
    if not isinstance(rows.index, pd.RangeIndex):
        raise UserError(f"{path} has more fields in a row than columns; quote what holds a comma")
    if tuple(rows) != COLUMNS:
        raise UserError(f"{path} has the columns {', '.join(map(str, rows))}; expected are {', '.join(COLUMNS)}")
    return rows


def findings(rows: pd.DataFrame) -> Iterator[tuple[pd.Series, str]]:
    """Which rows break each rule, and what to say of one of them, with its columns in braces.

    In order: later rules take for granted what earlier ones have made sure of.
    """
    for name in COLUMNS:
        empty = (rows[name] == "") & (name not in MAY_BE_EMPTY)
        yield empty, f"{name} is empty"
        yield rows[name] != rows[name].str.strip(), f"{name} '{{{name}}}' has blanks around it"
    yield ~rows["year"].str.fullmatch(r"20\d\d"), "year '{year}' is no year"
    yield ~rows["verified"].isin(["yes", "no"]), "verified is '{verified}', not yes or no"
    yield ~_kind(rows).isin(KINDS), "source '{source}' does not begin with primary: or secondary:"
    yield from _findings_in_numbers(rows)
    yield from _findings_between_rows(rows)


def _findings_in_numbers(rows: pd.DataFrame) -> Iterator[tuple[pd.Series, str]]:
    yield ~rows["metric"].isin(METRICS), f"unknown metric '{{metric}}' (known: {', '.join(METRICS)})"
    pairs = zip(rows["metric"], rows["unit"], strict=True)
    yield pd.Series([unit not in METRICS[metric] for metric, unit in pairs]), "{metric} is not given in '{unit}'"
    yield ~rows["value"].str.fullmatch(r"\d+(\.\d+)?"), "value '{value}' is not a positive number"
    low, high = (rows["unit"].map({unit: bounds[side] for unit, bounds in RANGES.items()}) for side in (0, 1))
    yield ~rows["value"].astype(float).between(low, high), "{metric} of {value} {unit} cannot be"


def _findings_between_rows(rows: pd.DataFrame) -> Iterator[tuple[pd.Series, str]]:
    yield rows.duplicated([*SETTING, "metric"]), "{metric} of {method} on {test_dataset} from this source comes twice"
    for name in ("year", "venue"):
        other = rows[name] != rows.groupby("method")[name].transform("first")
        yield other, f"{name} of {{method}} is another one above; it is that of the method's own paper"
    numbers = rows.set_index([*SETTING, "metric"])["value"].astype(float).unstack("metric")
    pairs = numbers.reindex(columns=["MPJPE", "PA-MPJPE"])
    above = pairs.index[pairs["PA-MPJPE"] > pairs["MPJPE"]]
    swapped = pd.Series(pd.MultiIndex.from_frame(rows[SETTING]).isin(above))
    yield swapped, "PA-MPJPE of {method} is above its MPJPE, which no alignment does"


def _kind(rows: pd.DataFrame) -> pd.Series:
    return rows["source"].str.partition(":")[0]
