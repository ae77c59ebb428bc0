"""Pickles from anybody else, read through an allow list: names outside it are refused, so no code of the file runs."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe.errors import UserError

BROKEN = (
    pickle.UnpicklingError,
    EOFError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    MemoryError,
)


class Inert:
    """Stands for an object of a class that is not loaded: keeps the object's state and can do nothing."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.state = state


def _new_object(kind: type, base: type, state: object) -> object:
    """What copyreg._reconstructor does for classes without state of a built-in base."""
    return kind()


def _latin1(text: str, encoding: str) -> bytes:
    """Bytes as Python 3 writes them into old pickle protocols."""
    return text.encode("latin1")


# numpy hands its own unpickling functions out through __reduce__; the modules' names changed with numpy 2.
_RECONSTRUCT, _SCALAR = np.zeros(0).__reduce__()[0], np.float64(0).__reduce__()[0]
ARRAYS: Mapping[str, Any] = {
    "numpy.ndarray": np.ndarray,
    "numpy.dtype": np.dtype,
    "numpy.core.multiarray._reconstruct": _RECONSTRUCT,
    "numpy._core.multiarray._reconstruct": _RECONSTRUCT,
    "numpy.core.multiarray.scalar": _SCALAR,
    "numpy._core.multiarray.scalar": _SCALAR,
    "copyreg._reconstructor": _new_object,
    "builtins.object": object,
    "_codecs.encode": _latin1,
}


class _AllowListUnpickler(pickle.Unpickler):
    allowed: Mapping[str, Any]
    path: Path

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in self.allowed:
            raise UserError(f"{self.path} asks for {module}.{name}, which a data file has no need of: not read")
        return self.allowed[f"{module}.{name}"]


def load(path: Path, allowed: Mapping[str, Any] = ARRAYS) -> Any:
    """The object in a pickle of Python 2 or 3, its byte strings read as latin1.

    `allowed` gives, by "module.name", what stands for each global that the file may name; numbers, strings and
    containers need none. Raises UserError for any other global, and for a file that is not a whole pickle.
    """
    with path.open("rb") as file:
        unpickler = _AllowListUnpickler(file, encoding="latin1")
        unpickler.allowed, unpickler.path = allowed, path
        try:
            return unpickler.load()
        except BROKEN as error:
            raise UserError(f"{path} is not a whole pickle file ({error}); fetch it again") from error
