"""Entries of other people's files as the arrays that they should be: one line where they are not."""

from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from hpe.errors import UserError

Shape = tuple[int | None, ...]


class Entries:
    """Named entries of one file. Every method raises UserError naming the file and the entry that is at fault."""

    def __init__(self, path: Path, entries: Any, within: str = "") -> None:
        """`within` names the entry that these are in, for faults. Raises UserError where they have no names."""
        self.path, self.within, self.entries = path, within, entries
        if not isinstance(entries, Mapping):
            raise UserError(f"{path}: {within or 'the file'} holds no named entries; fetch it again")

    def fault(self, key: str, reason: str) -> UserError:
        """What is said of an entry."""
        return UserError(f"{self.path}: '{self.within}{key}' {reason}")

    def __getitem__(self, key: str) -> Any:
        if key not in self.entries:
            raise self.fault(key, "is missing; fetch the file again")
        return self.entries[key]

    def inside(self, key: str) -> "Entries":
        """The entries within an entry."""
        return Entries(self.path, self[key], f"{self.within}{key}.")

    def items(self, key: str) -> "Entries":
        """The items of a list by number, to be asked for as "0", "1", ..."""
        value = self[key]
        if not isinstance(value, list | tuple | np.ndarray):
            raise self.fault(key, "is no list")
        return Entries(self.path, {str(place): item for place, item in enumerate(value)}, f"{self.within}{key}.")

    def text(self, key: str) -> str:
        """An entry that is text."""
        value = np.asarray(self[key]).item() if isinstance(self[key], np.ndarray) else self[key]
        if not isinstance(value, str | bytes):
            raise self.fault(key, "is no text")
        return value.decode() if isinstance(value, bytes) else str(value)

    def array(self, key: str, *shape: int | None, finite: bool = True) -> np.ndarray:
        """Numbers in double precision, of a shape in which None is any length; NaN is a fault where `finite`."""
        found = self._numbers(key)
        expected = tuple(have if want is None else want for want, have in zip(shape, found.shape, strict=False))
        if found.ndim != len(shape) or found.shape != expected:
            wanted = " x ".join("?" if size is None else str(size) for size in shape) or "one number"
            have = " x ".join(map(str, found.shape)) or "of one number"
            raise self.fault(key, f"has shape {have}, expected {wanted}")
        if finite and not np.isfinite(found).all():
            raise self.fault(key, f"is not finite in row {np.argwhere(~np.isfinite(found))[0][0] if shape else 0}")
        return found

    def _numbers(self, key: str) -> np.ndarray:
        """A list may hold plain numbers only, because one of lists within lists can be larger than any memory."""
        value = self[key]
        plain = isinstance(value, Sequence) and all(isinstance(item, Real | np.generic) for item in value)
        if isinstance(value, Real | np.ndarray | np.generic) or plain:
            found = np.asarray(value)
            if found.dtype.kind in "biuf":
                return found.astype(np.float64)
        raise self.fault(key, "is no array of numbers")
