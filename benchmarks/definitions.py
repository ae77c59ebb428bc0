"""What a table holds: one YAML file a table in `benchmarks/tables/`."""

from dataclasses import dataclass
from pathlib import Path

from omegaconf import MISSING, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from hpe.errors import UserError, did_you_mean

FOLDER = Path(__file__).with_name("tables")


@dataclass
class Entry:
    """Published rows, chosen by the values of their columns, and the model config that can be measured against them."""

    model: str = MISSING
    where: dict[str, str] = MISSING


@dataclass
class Definition:
    """A table: its title, its rows, and our name of each published test set."""

    title: str = MISSING
    datasets: dict[str, str] = MISSING
    entries: list[Entry] = MISSING


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
    except OmegaConfBaseException as error:
        raise UserError(f"{path} is no table: {' '.join(str(error).split())}") from None
    assert isinstance(found, Definition)
    return found
