"""What a check says of a store: a verdict, what was found in a line, and the rows or files that show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Bool

from hpe.datasets.store import Store

# So many are written down; more would tell nobody more.
MOST_EXAMPLES = 20


class Verdict(StrEnum):
    """A fault makes the data set unsound; a note is worth knowing and does not."""

    SOUND = "sound"
    NOTE = "note"
    FAULT = "fault"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """The outcome of one check; `examples` name rows or files."""

    verdict: Verdict
    found: str
    examples: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "examples", tuple(self.examples)[:MOST_EXAMPLES])


def sound(found: str) -> Finding:
    """All is well."""
    return Finding(Verdict.SOUND, found)


def note(found: str, examples: Iterable[str] = ()) -> Finding:
    """Worth knowing."""
    return Finding(Verdict.NOTE, found, tuple(examples))


def fault(found: str, examples: Iterable[str] = ()) -> Finding:
    """To be mended."""
    return Finding(Verdict.FAULT, found, tuple(examples))


def not_checked(why: str) -> Finding:
    """Nothing that the check could look at."""
    return Finding(Verdict.NOT_CHECKED, why)


def lacking(store: Store, *columns: str) -> Finding | None:
    """What to say where the store lacks one of `columns`; None where it has all."""
    missing = [name for name in columns if name not in store]
    return not_checked(f"no column '{missing[0]}'") if missing else None


def named(store: Store, rows: Bool[np.ndarray, " people"]) -> list[str]:
    """The first of the rows that are marked, each by its number, place in the data set and picture."""
    return [
        f"row {row}: sequence {store['sequence'][row]}, person {store['person'][row]}, frame {store['frame'][row]},"
        f" {store['image'][row]}"
        for row in np.flatnonzero(rows)[:MOST_EXAMPLES].tolist()
    ]


def share(part: Bool[np.ndarray, " people"], whole: Bool[np.ndarray, " people"]) -> str:
    """So many of so many, in words."""
    return f"{int((part & whole).sum())} of {int(whole.sum())}"
