"""The arrays of a file, taken by one of the several keys that the field uses for the same thing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe.errors import UserError


class Arrays:
    """Arrays by key, and which of them have been taken: only these are read from an archive.

    Methods raise UserError, naming file and key.
    """

    def __init__(self, path: Path, data: Mapping[str, Any]) -> None:
        self.path = path
        named = (
            {str(key): value for key, value in data.items() if value is not None} if isinstance(data, dict) else None
        )
        self.data = data if named is None else named
        self.taken: set[str] = set()

    def find(self, keys: tuple[str, ...]) -> str | None:
        """The first of `keys` that the file has."""
        return next((key for key in keys if key in self.data), None)

    def left(self) -> tuple[str, ...]:
        """Keys that nobody took."""
        return tuple(key for key in self.data if key not in self.taken)

    def numbers(self, key: str) -> np.ndarray:
        """Numbers [N, ...], a row a person."""
        values = np.asarray(self.data[key])
        if values.dtype.kind not in "fiu" or values.ndim == 0 or values.size == 0:
            raise UserError(f"{self.path}: '{key}' is {values.dtype} of shape {list(values.shape)}, not a row a person")
        self.taken.add(key)
        return values.astype(np.float32, copy=False)

    def flat(self, key: str, width: int | None = None) -> np.ndarray:
        """Numbers [N, width], whatever axes the file gives them."""
        values = self.numbers(key)
        values = values.reshape(len(values), -1)
        if width not in (None, values.shape[1]):
            raise UserError(f"{self.path}: '{key}' has {values.shape[1]} numbers a person, {width} are needed")
        return values

    def whole(self, key: str) -> np.ndarray:
        """Whole numbers [N]."""
        self.taken.add(key)
        try:
            values = np.asarray(self.data[key])
            return values.reshape(len(values)).astype(np.int64)
        except (ValueError, TypeError) as error:
            raise UserError(f"{self.path}: '{key}' does not hold one whole number a row ({error})") from None

    def text(self, key: str) -> np.ndarray:
        """Text [N], from bytes too; a path's parts are joined by "/"."""
        self.taken.add(key)
        values = np.atleast_1d(np.asarray(self.data[key]))
        lines = [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values]
        return np.array([line.replace("\\", "/") for line in lines], dtype=str)
