"""Arrays out of somebody else's pickle, without numpy's own unpickling.

numpy takes a file's word for which bytes of a dtype are pointers to Python objects: a dtype of objects whose flags
deny it turns the file's bytes into addresses. So dtypes are made here, from their names.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

NUMBERS_AND_TEXT = "biufcSU"


class PickledType:
    """Stands for a numpy dtype while a pickle is read."""

    def __init__(self, code: str, align: bool = False, copy: bool = True) -> None:
        self.code, self.order = code, "="

    def __setstate__(self, state: Sequence[Any]) -> None:
        self.order = state[1]

    def numpy(self, allowed: str = NUMBERS_AND_TEXT) -> "np.dtype[Any]":
        """The dtype, if its kind is among `allowed`. Raises ValueError for another, TypeError for no dtype at all."""
        dtype = np.dtype(str(self.code))
        if dtype.kind not in allowed:
            raise ValueError(f"an array of {dtype}, not of numbers or text")
        return dtype.newbyteorder(self.order)  # type: ignore[arg-type]


class PickledArray(np.ndarray):
    """An array that takes its contents from a pickle: raw bytes for numbers and text, a list for objects."""

    def __setstate__(self, state: Sequence[Any]) -> None:
        _, shape, dtype, fortran, data = state
        allowed = "O" if isinstance(data, list) else NUMBERS_AND_TEXT
        if allowed == "O" and (min(shape, default=0) < 0 or len(data) != math.prod(shape)):  # numpy does not count
            raise ValueError(f"an array of shape {shape} with {len(data)} objects")
        super().__setstate__((1, shape, dtype.numpy(allowed), bool(fortran), data))  # type: ignore[arg-type]


class _Kind:
    """Stands for the class of arrays, which pickles name but need not call."""


def _reconstruct(kind: type, shape: Sequence[int], code: Any) -> PickledArray:
    """An empty array, whose contents follow."""
    return PickledArray(0)


def _scalar(dtype: PickledType, data: bytes | str) -> Any:
    """A number as numpy's scalar; Python 2 wrote its bytes as text."""
    return np.frombuffer(data.encode("latin1") if isinstance(data, str) else data, dtype.numpy())[0]


def _from_buffer(data: bytes | bytearray, dtype: PickledType, shape: Sequence[int], order: Any) -> np.ndarray:
    """What pickle protocol 5 calls."""
    return np.frombuffer(data, dtype.numpy()).reshape(shape, order=order)


# The modules' names changed with numpy 2.
ARRAYS: Mapping[str, Any] = {
    "numpy.ndarray": _Kind,
    "numpy.dtype": PickledType,
    **{
        f"numpy.{core}.{name}": function
        for core in ("core", "_core")
        for name, function in {
            "multiarray._reconstruct": _reconstruct,
            "multiarray.scalar": _scalar,
            "numeric._frombuffer": _from_buffer,
        }.items()
    },
}
