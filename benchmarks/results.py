"""A row of a table before it is laid out: the numbers of one published result or one measured configuration."""

import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quantities import Quantity
from hpe.metrics.card import ProtocolCard

PUBLISHED = "published"


@dataclass(frozen=True)
class Column:
    """A quantity among the published numbers, or under the protocol card with the hash `group`."""

    group: str
    what: Quantity


@dataclass(frozen=True)
class Number:
    """A number with the lines that say where it is from; NaN where a measured one is undefined.

    `low` and `high` are the ends of the 95 % interval, `spread` is the standard deviation over `runs` seeds; NaN
    where there is none. `metric` is our name of it, empty for a published number.
    """

    value: float
    source: tuple[str, ...]
    metric: str = ""
    low: float = math.nan
    high: float = math.nan
    spread: float = math.nan

    @property
    def half_width(self) -> float:
        """Half the interval's length."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Row:
    """One result. `model` is the config that it is, or could be, measured with; empty where there is none.

    `protocol` is what the source of a published result states, or the card of a measured one. `card` and `folders`
    are those of measured results alone.
    """

    dataset: str
    model: str
    method: str
    backbone: str
    training: str
    protocol: str
    source: str
    kind: str
    people: str
    numbers: dict[Quantity, Number]
    card: ProtocolCard | None = None
    folders: tuple[Path, ...] = ()

    @property
    def group(self) -> str:
        """What the columns of its numbers have in common: the hash of a protocol card, or being published."""
        return self.card.hash if self.card else PUBLISHED

    def in_column(self, column: Column) -> bool:
        """Whether it has a number there."""
        return column.group == self.group and column.what in self.numbers
