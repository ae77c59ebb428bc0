"""How long runs will take, by the records of earlier ones on the same hardware."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from hpe.errors import UserError
from hpe.runs.progress import Progress
from hpe.runs.records import FILE_NAME, Record

# Made once and then there: no part of what one more run takes.
MADE_ONCE = ("body", "data")


@dataclass(frozen=True)
class Pace:
    """Seconds that an epoch over one person takes (over all, where their number is not set), and all that follows."""

    training: float
    rest: float


@dataclass(frozen=True)
class Forecast:
    """Seconds of each job on one kind of hardware, None where no earlier run tells; `runs` is how many did."""

    hardware: str
    seconds: Sequence[float | None]
    runs: int

    def __str__(self) -> str:
        known = [one for one in self.seconds if one is not None]
        lacking = len(self.seconds) - len(known)
        rest = f"; no earlier run tells of {lacking} more" if lacking else ""
        return f"{span(sum(known))} for {len(known)} jobs on {self.hardware}, by {self.runs} earlier runs{rest}"

    def wall(self, at_once: int) -> float:
        """Seconds until the last one has ended, where so many run at once."""
        known = [one for one in self.seconds if one is not None]
        return max(sum(known) / max(1, min(at_once, len(known))), max(known))


def span(seconds: float) -> str:
    """A time as people say it.

    >>> span(90), span(9000)
    ('2 min', '2.5 h')
    """
    return f"{seconds / 3600:.1f} h" if seconds > 3600 else f"{math.ceil(seconds / 60)} min"


def forecasts(
    configs: Sequence[Mapping[str, Any]], runs: Sequence[Path], outputs: Path, hardware: str | None
) -> list[Forecast]:
    """What the runs of `configs` in the folders `runs` will take on `hardware`, or on each known one where it is None.

    Earlier records are those under `outputs`; hardware that tells of no job is left out.
    """
    paces: dict[str, dict[str, list[Pace]]] = defaultdict(lambda: defaultdict(list))
    for record in _records(outputs):
        if record.hardware and hardware in (None, record.hardware):
            paces[record.hardware][_kind(record.config)].append(_pace(record))
    kinds = [_kind(config) for config in configs]
    found = []
    for name, known in paces.items():
        seconds = [
            _seconds(known[kind], config, run) if kind in known else None
            for kind, config, run in zip(kinds, configs, runs, strict=True)
        ]
        if told := sum(len(known[kind]) for kind in set(kinds) & known.keys()):
            found.append(Forecast(name, seconds, told))
    return found


def _records(outputs: Path) -> Iterable[Record]:
    """Those of runs that were trained at one go: only they tell how long training takes."""
    for path in sorted(outputs.rglob(FILE_NAME)):
        try:
            record = Record.read(path)
        except UserError:
            continue  # one that is broken tells nothing, which is no reason not to start
        if "train" in record.seconds and not record.config.get("resume") and _work(record.config) > 0:
            yield record


def _kind(config: Mapping[str, Any]) -> str:
    """What decides how long a step takes, beside the hardware."""
    data, trainer = config["data"], config["trainer"]
    sources = sorted(source["name"] for source in data["sources"].values())
    people = None if _people(config) else "all"
    devices = [trainer.get(name) for name in ("devices", "num_nodes", "precision", "accelerator")]
    parts = [config["model"]["resolution"], config["backbone"], config["head"], config["loss"]]
    return json.dumps([*parts, sources, people, data["batch_size"], data["workers"], devices], sort_keys=True)


def _people(config: Mapping[str, Any]) -> int:
    return config["data"].get("epoch_size") or config["data"].get("size") or 0


def _work(config: Mapping[str, Any]) -> float:
    """Epochs times people, or epochs where the number of people is not set."""
    return float((config["trainer"].get("max_epochs") or 0) * (_people(config) or 1))


def _pace(record: Record) -> Pace:
    rest = sum(seconds for name, seconds in record.seconds.items() if name not in ("train", *MADE_ONCE))
    return Pace(record.seconds["train"] / _work(record.config), rest)


def _seconds(paces: Sequence[Pace], config: Mapping[str, Any], run: Path) -> float:
    """The median over earlier runs, for the epochs that are left."""
    progress = Progress.read(run)
    left = 1.0 if progress is None or not progress.epochs else 1 - progress.epoch / progress.epochs
    training = median(pace.training for pace in paces) * _work(config) * left
    return training + median(pace.rest for pace in paces)
