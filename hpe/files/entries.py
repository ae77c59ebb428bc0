"""Entries of other people's files as the arrays that they should be: one line where they are not."""

from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from hpe.errors import UserError
from hpe.files.limits import AGAIN, LARGEST

Shape = tuple[int | None, ...]
MOST_WHOLE = 2**31 - 1


class Entries:
    """Named entries of one file. Every method raises UserError naming the file and the entry that is at fault."""

    def __init__(self, path: Path, entries: Any, within: str = "") -> None:
        """`within` names the entry that these are in, for faults. Raises UserError where they have no names."""
        self.path, self.within, self.entries = path, within, entries
        if not isinstance(entries, Mapping):
            raise UserError(f"{path}: {within or 'the file'} holds no named entries; fetch it again")

    def fault(self, key: str, reason: str, advice: str = AGAIN) -> UserError:
        """What is said of an entry, and what to do about it."""
        return UserError(f"{self.path}: '{self.within}{key}' {reason}; {advice}")

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, key: str) -> Any:
        if key not in self.entries:
            raise self.fault(key, "is missing")
        return self.entries[key]

    def inside(self, key: str) -> "Entries":
        """The entries within an entry."""
        return Entries(self.path, self[key], f"{self.within}{key}.")

    def items(self, key: str) -> "Entries":
        """The items of a list by number, to be asked for as "0", "1", ..."""
        value = self[key]
        if not isinstance(value, list | tuple | np.ndarray) or (isinstance(value, np.ndarray) and not value.ndim):
            raise self.fault(key, "is no list")
        return Entries(self.path, {str(place): item for place, item in enumerate(value)}, f"{self.within}{key}.")

    def text(self, key: str) -> str:
        """An entry that is text in one line."""
        value = self[key]
        value = value.item() if isinstance(value, np.ndarray) and value.size == 1 else value
        said = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        if not isinstance(said, str) or not said or not said.isprintable():
            raise self.fault(key, "is no text")
        return str(said)

    def array(self, key: str, *shape: int | None, finite: bool = True) -> np.ndarray:
        """Numbers in double precision, of a shape in which None is any length; NaN is a fault where `finite`."""
        found = self._numbers(key)
        expected = tuple(have if want is None else want for want, have in zip(shape, found.shape, strict=False))
        if found.ndim != len(shape) or found.shape != expected:
            raise self._shape_fault(key, found, " x ".join("?" if size is None else str(size) for size in shape))
        return self._finite(key, found) if finite else found

    def rows(self, key: str, count: int) -> np.ndarray:
        """So many rows of finite numbers [count, numbers], each one number or as many as the others."""
        found = self._numbers(key)
        if found.ndim not in (1, 2) or len(found) != count:
            raise self._shape_fault(key, found, f"{count} rows")
        return self._finite(key, found).reshape(count, -1)

    def first(self, key: str, count: int) -> np.ndarray:
        """The first numbers of a row of `count` or more."""
        found = self.array(key, None)
        if len(found) < count:
            raise self.fault(key, f"has {len(found)} numbers, expected at least {count}")
        return found[:count]

    def whole(self, key: str, count: int) -> np.ndarray:
        """So many whole numbers, none below 0."""
        found = self.array(key, count)
        bad = (found != np.round(found)) | (found < 0) | (found > MOST_WHOLE)
        if bad.any():
            raise self.fault(key, f"is no whole number from 0 to {MOST_WHOLE} in row {bad.argmax()}")
        return found.astype(np.int64)

    def _finite(self, key: str, found: np.ndarray) -> np.ndarray:
        bad = ~(np.abs(found) <= LARGEST)
        if bad.any():
            raise self.fault(key, f"is not finite in row {np.argwhere(bad)[0][0] if found.ndim else 0}")
        return found

    def _shape_fault(self, key: str, found: np.ndarray, wanted: str) -> UserError:
        have = " x ".join(map(str, found.shape)) or "of one number"
        return self.fault(key, f"has shape {have}, expected {wanted or 'one number'}")

    def _numbers(self, key: str) -> np.ndarray:
        """A list may hold plain numbers only, because one of lists within lists can be larger than any memory."""
        value = self[key]
        plain = isinstance(value, Sequence) and all(isinstance(item, Real | np.generic) for item in value)
        if isinstance(value, Real | np.ndarray | np.generic) or plain:
            found = np.asarray(value)
            if found.dtype.kind in "biuf":
                return found.astype(np.float64)
        raise self.fault(key, "is no array of numbers")
