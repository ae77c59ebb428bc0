"""Lists of alike JSON objects, such as the images and annotations of COCO, column by column and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from hpe.errors import UserError


@dataclass(frozen=True)
class Records:
    """Some objects of the list `name` in a file; `places` are their places in that list.

    Every method raises UserError naming file, object and key of what is missing or not what it should be.
    """

    path: Path
    name: str
    rows: Sequence[dict[str, Any]]
    places: Int[np.ndarray, " rows"]

    @classmethod
    def of(cls, path: Path, content: Any, name: str) -> "Records":
        """All objects of the list `name` in a file's content."""
        rows = content.get(name) if isinstance(content, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UserError(f"{path}: '{name}' is missing or no list of objects; fetch the file again")
        return cls(path, name, rows, np.arange(len(rows)))

    def __len__(self) -> int:
        return len(self.rows)

    def fault(self, row: int, key: str, reason: str) -> UserError:
        """What is said of one object."""
        return UserError(f"{self.path}: {self.name}[{self.places[row]}], '{key}' {reason}")

    def where(self, chosen: Bool[np.ndarray, " rows"]) -> "Records":
        """Those that are chosen."""
        rows = [row for row, keep in zip(self.rows, chosen.tolist(), strict=True) if keep]
        return Records(self.path, self.name, rows, self.places[chosen])

    def has(self, key: str) -> Bool[np.ndarray, " rows"]:
        """Which have something under a key: neither null nor nothing at all."""
        return np.array([row.get(key) is not None for row in self.rows], dtype=bool)

    def values(self, key: str) -> list[Any]:
        """Whatever they have under a key."""
        for place, row in enumerate(self.rows):
            if key not in row:
                raise self.fault(place, key, "is missing")
        return [row[key] for row in self.rows]

    def numbers(self, key: str, *shape: int) -> Float[np.ndarray, "rows ..."]:
        """Finite numbers in double precision, of this shape in every object."""
        values = self.values(key)
        try:
            found = np.array(values, dtype=np.float64) if values else np.empty((0, *shape))
        except (ValueError, TypeError, OverflowError):
            found = np.empty(0)
        if found.shape != (len(values), *shape) or not np.isfinite(found).all():
            raise self._bad_numbers(key, values, shape)
        return found

    def whole(self, key: str, most: int = 2**53) -> Int[np.ndarray, " rows"]:
        """Whole numbers, 0 or above."""
        found = self.numbers(key)
        bad = (found != np.round(found)) | (found < 0) | (found > most)
        if bad.any():
            raise self.fault(int(bad.argmax()), key, f"is no whole number from 0 to {most}")
        return found.astype(np.int64)

    def texts(self, key: str) -> np.ndarray:
        """Text that is not empty."""
        values = self.values(key)
        for place, value in enumerate(values):
            if not isinstance(value, str) or not value or not value.isprintable():
                raise self.fault(place, key, "is no text")
        return np.array(values, dtype=str)

    def find(self, key: str, others: "Records", other_key: str) -> Int[np.ndarray, " rows"]:
        """For each object the row of `others` that has the same whole number under `other_key`."""
        index = pd.Index(others.whole(other_key))
        if not index.is_unique:
            raise others.fault(int(index.duplicated().argmax()), other_key, "is there twice")
        found = index.get_indexer(pd.Index(self.whole(key)))
        if (found < 0).any():
            raise self.fault(int((found < 0).argmax()), key, f"is the '{other_key}' of none of '{others.name}'")
        return found.astype(np.int64)

    def _bad_numbers(self, key: str, values: Sequence[Any], shape: Sequence[int]) -> UserError:
        """What is wrong with the first object that is not as the others."""
        wanted = " x ".join(map(str, shape)) + " numbers" if shape else "one number"
        for place, value in enumerate(values):
            try:
                found = np.array(value, dtype=np.float64)
            except (ValueError, TypeError, OverflowError):
                return self.fault(place, key, f"is not {wanted}")
            if found.shape != tuple(shape):
                return self.fault(
                    place, key, f"has shape {' x '.join(map(str, found.shape)) or '1'}, expected {wanted}"
                )
            if not np.isfinite(found).all():
                return self.fault(place, key, "holds a number that is not finite")
        return UserError(f"{self.path}: '{key}' in {self.name} is not {wanted}")
