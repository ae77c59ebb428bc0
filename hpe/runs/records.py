"""The result record that a run leaves in its folder: what was measured, on what, by which protocol and code."""

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import GenericAlias
from typing import Any, get_origin, get_type_hints

from hpe.errors import UserError
from hpe.files.whole import write_whole
from hpe.metrics.card import ProtocolCard
from hpe.scoring.summary import METRICS

FILE_NAME = "summary.json"
MEND = "evaluate again or remove the file"


@dataclass(frozen=True)
class Record:
    """One model on one split under one protocol, in millimetres; NaN where no sample has the metric.

    `baseline` is the training set's mean pose under the same metrics. `intervals` holds the low and high end of each
    metric's 95 % interval over sequences. `undefined` counts the samples without each metric, `skipped` names
    pictures that could not be read. `card` are the fields of the protocol card, `card_hash` its hash. `overrides` is
    what the user changed on the command line (`model=mpqa`), `config` the whole configuration. `data_hash` is that of
    the data store; it, `checkpoint` and `commit` are None where there is none. `verdict` says whether published numbers
    were reproduced, and is empty where nobody asked. `hardware` names what computed, and is empty in older records.
    """

    metrics: dict[str, float]
    baseline: dict[str, float]
    seconds: dict[str, float]
    model: str
    data: str
    split: str
    seed: int
    samples: int
    sequences: int
    card: dict[str, Any]
    card_hash: str
    command: str
    checkpoint: str | None = None
    data_hash: str | None = None
    commit: str | None = None
    intervals: dict[str, list[float]] = field(default_factory=dict)
    undefined: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    overrides: list[str] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    verdict: dict[str, Any] = field(default_factory=dict)
    hardware: str = ""

    @property
    def protocol(self) -> ProtocolCard:
        """The protocol card."""
        return ProtocolCard.of(self.card)

    def write(self, folder: Path) -> Path:
        """Write the record into a run folder, whole or not at all; returns its path."""
        text = json.dumps(_without_nan(asdict(self)), indent=2, allow_nan=False)
        return write_whole(folder / FILE_NAME, text + "\n")

    @classmethod
    def read(cls, path: Path) -> "Record":
        """The record in a file. Raises UserError, naming the file, where it is missing or malformed."""
        values = _checked(_parsed(path), get_type_hints(cls), path)
        numbers = {name: _numbers(values[name], f"{path}: '{name}'") for name in ("metrics", "baseline", "seconds")}
        if lacking := [name for name in METRICS if name not in numbers["metrics"] or name not in numbers["baseline"]]:
            raise UserError(f"{path}: '{lacking[0]}' is not in both metrics and baseline; {MEND}")
        if ProtocolCard.of(values["card"], f"{path}: card").hash != values["card_hash"]:
            raise UserError(f"{path}: 'card_hash' is not the hash of its card; {MEND}")
        return cls(**values | numbers | {"intervals": _intervals(values["intervals"], path)})


def find(root: Path) -> dict[Path, Record]:
    """All records under a folder, by the run folder that holds each. Raises UserError for a missing folder."""
    if not root.is_dir():
        raise UserError(f"no folder {root} to look for result records in; runs are kept under outputs/")
    return {path.parent: Record.read(path) for path in sorted(root.rglob(FILE_NAME))}


def _without_nan(value: Any) -> Any:
    """JSON has no NaN: an undefined number is written as null."""
    if isinstance(value, dict):
        return {name: _without_nan(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise UserError(f"no result record {path}; a finished run writes it") from None
    except ValueError as error:
        raise UserError(f"{path} is not JSON ({error}); {MEND}") from None


def _checked(values: Any, kinds: dict[str, Any], path: Path) -> dict[str, Any]:
    """`values`, if it is an object with the keys of `kinds` and no other, and values of those types."""
    if not isinstance(values, dict):
        raise UserError(f"{path}: a result record is an object, not {type(values).__name__}; {MEND}")
    values = {"verdict": {}, "hardware": "", **values}  # older records have none
    if wrong := sorted(values.keys() ^ kinds.keys()):
        fault = "unknown" if wrong[0] in values else "missing"
        raise UserError(f"{path}: {fault} key '{wrong[0]}'; {MEND}")
    for name, kind in kinds.items():
        plain = get_origin(kind) if isinstance(kind, GenericAlias) else kind
        if not isinstance(values[name], plain):
            raise UserError(f"{path}: '{name}' is {values[name]!r}, which is not its type; {MEND}")
    return values


def _numbers(values: dict[str, Any], where: str) -> dict[str, float]:
    """Plain numbers by name; null is read as NaN, undefined."""
    for name, value in values.items():
        if not isinstance(value, int | float | None):
            raise UserError(f"{where}: {name} is {value!r}, not a number; {MEND}")
    return {name: math.nan if value is None else float(value) for name, value in values.items()}


def _intervals(values: dict[str, Any], path: Path) -> dict[str, list[float]]:
    """Low and high end by metric; null is read as NaN."""
    if wrong := [name for name, ends in values.items() if not isinstance(ends, list) or len(ends) != 2]:
        raise UserError(f"{path}: 'intervals' of {wrong[0]} are not a low and a high end; {MEND}")
    where = f"{path}: 'intervals'"
    return {name: list(_numbers({"low": low, "high": high}, where).values()) for name, (low, high) in values.items()}
