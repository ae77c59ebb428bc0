"""Lists of alike JSON objects, such as the images and annotations of COCO, column by column and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from hpe.errors import UserError
from hpe.files.limits import AGAIN, LARGEST


@dataclass(frozen=True)
class Records:
    """Objects out of a file; `labels` say where in the file each is, such as "images[3]".

    Every method raises UserError naming file, object and key of what is missing or not what it should be.
    """

    path: Path
    rows: Sequence[dict[str, Any]]
    labels: Sequence[str]

    @classmethod
    def of(cls, path: Path, content: Any, name: str) -> "Records":
        """All objects of the list `name` in a file's content."""
        rows = content.get(name) if isinstance(content, dict) else None
        if not _are_objects(rows):
            raise UserError(f"{path}: '{name}' is missing or no list of objects; {AGAIN}")
        return cls(path, rows, [f"{name}[{place}]" for place in range(len(rows))])

    def __len__(self) -> int:
        return len(self.rows)

    def fault(self, row: int, key: str, reason: str) -> UserError:
        """What is said of one object, and what to do about it."""
        return UserError(f"{self.path}: {self.labels[row]}, '{key}' {reason}; {AGAIN}")

    def where(self, chosen: Bool[np.ndarray, " rows"]) -> "Records":
        """Those that are chosen."""
        places = np.flatnonzero(chosen).tolist()
        return Records(self.path, [self.rows[place] for place in places], [self.labels[place] for place in places])

    def inner(self, key: str) -> tuple["Records", Int[np.ndarray, " objects"]]:
        """The objects in the lists that these have under a key, and for each the row of the one that has it."""
        lists = self.values(key)
        for row, value in enumerate(lists):
            if not _are_objects(value):
                raise self.fault(row, key, "is no list of objects")
        labels = [f"{self.labels[row]}.{key}[{place}]" for row, one in enumerate(lists) for place in range(len(one))]
        rows = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
        return Records(self.path, [row for one in lists for row in one], labels), rows

    def has(self, key: str) -> Bool[np.ndarray, " rows"]:
        """Which have something under a key: neither null nor nothing at all."""
        return np.array([row.get(key) is not None for row in self.rows], dtype=bool)

    def values(self, key: str) -> list[Any]:
        """Whatever they have under a key."""
        for place, row in enumerate(self.rows):
            if key not in row:
                raise self.fault(place, key, "is missing")
        return [row[key] for row in self.rows]

    def shape(self, key: str) -> tuple[int, ...] | None:
        """That of the numbers which the first has under a key; None where there are none."""
        found = _numbers(self.values(key)[0]) if len(self) else None
        return None if found is None else found.shape

    def numbers(self, key: str, *shape: int) -> Float[np.ndarray, "rows ..."]:
        """Finite numbers in double precision, of this shape in every object."""
        values = self.values(key)
        found = _numbers(values) if values else np.empty((0, *shape))
        if found is None or found.shape != (len(values), *shape) or not _finite(found):
            wanted = " x ".join(map(str, shape)) + " numbers" if shape else "one number"
            faults = ((row, _fault(value, shape, wanted)) for row, value in enumerate(values))
            raise next(self.fault(row, key, reason) for row, reason in faults if reason)
        return found

    def whole(self, key: str, most: int = 2**53) -> Int[np.ndarray, " rows"]:
        """Whole numbers, 0 or above."""
        found = self.numbers(key)
        bad = (found != np.round(found)) | (found < 0) | (found > most)
        if bad.any():
            raise self.fault(int(bad.argmax()), key, f"is no whole number from 0 to {most}")
        return found.astype(np.int64)

    def unique(self, key: str, most: int = 2**53) -> Int[np.ndarray, " rows"]:
        """Whole numbers, 0 or above, no two of them the same."""
        found = self.whole(key, most)
        again = pd.Index(found).duplicated()
        if again.any():
            raise self.fault(int(again.argmax()), key, "is there twice")
        return found

    def texts(self, key: str) -> np.ndarray:
        """Text that is not empty."""
        values = self.values(key)
        for place, value in enumerate(values):
            if not isinstance(value, str) or not value or not value.isprintable():
                raise self.fault(place, key, "is no text")
        return np.array(values, dtype=str)


def _are_objects(rows: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _numbers(value: Any) -> Float[np.ndarray, "..."] | None:
    try:
        return np.array(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        return None


def _fault(value: Any, shape: Sequence[int], wanted: str) -> str | None:
    """What is wrong with one object's numbers; None where nothing is."""
    found = _numbers(value)
    if found is None:
        return f"is not {wanted}"
    if found.shape != tuple(shape):
        return f"has shape {' x '.join(map(str, found.shape)) or '1'}, expected {wanted}"
    return None if _finite(found) else "holds a number that is not finite"


def _finite(found: Float[np.ndarray, "..."]) -> bool:
    return bool((np.abs(found) <= LARGEST).all())
