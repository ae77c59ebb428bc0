"""What a table holds: one YAML file a table in `benchmarks/tables/`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omegaconf import MISSING, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from benchmarks.published import METRICS
from benchmarks.quantities import MEASURED
from hpe.errors import UserError, did_you_mean

FOLDER = Path(__file__).with_name("tables")


@dataclass
class Entry:
    """Published rows, chosen by the values of their columns (one, or a list of which each will do).

    `model` is the config that is measured against them, empty for a system that is not in this suite. Rows that an
    earlier entry has chosen are left to it.
    """

    where: dict[str, Any] = MISSING
    model: str = ""


@dataclass
class Definition:
    """A table: title, metrics by their published names, our name of each published test set, rows, and runs.

    `runs` chooses measured results as `where` chooses published ones, by `model` and `data`; all by default.
    """

    title: str = MISSING
    datasets: dict[str, str] = MISSING
    entries: list[Entry] = MISSING
    metrics: list[str] = field(default_factory=lambda: ["MPJPE", "PA-MPJPE", "PVE"])
    runs: dict[str, Any] = field(default_factory=dict)


def names() -> list[str]:
    """All defined tables."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def definition(name: str) -> Definition:
    """The table called `name`. Raises UserError for an unknown name or a malformed file."""
    if name not in names():
        raise UserError(f"unknown table '{name}'; {did_you_mean(name, names())}")
    path = FOLDER / f"{name}.yaml"
    try:
        merged = OmegaConf.merge(OmegaConf.structured(Definition), OmegaConf.load(path))
        found = OmegaConf.to_object(merged)
    except (OSError, YAMLError, OmegaConfBaseException) as error:
        raise UserError(f"{path} is no table: {' '.join(str(error).split())}") from None
    assert isinstance(found, Definition)
    known = {"metrics": [*METRICS, *MEASURED.values()], "runs": ["model", "data"]}
    for field_name, words in known.items():
        for word in getattr(found, field_name):
            if word not in words:
                raise UserError(f"{path}: {field_name} has '{word}'; {did_you_mean(word, set(words))}")
    return found


def accepts(choice: dict[str, Any], name: str) -> list[str]:
    """The values that a choice allows in one of its columns."""
    value = choice[name]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
