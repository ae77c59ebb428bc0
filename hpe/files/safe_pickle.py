"""Pickles from anybody else, read through an allow list: names outside it are refused, so no code of the file runs."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hpe.errors import UserError
from hpe.files.pickled_arrays import ARRAYS

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


def _no_bytes() -> bytes:
    """Empty bytes as Python 3 writes them into old pickle protocols."""
    return b""


PLAIN: Mapping[str, Any] = {
    **ARRAYS,
    "copyreg._reconstructor": _new_object,
    "builtins.object": object,
    "_codecs.encode": _latin1,
    "__builtin__.bytes": _no_bytes,
}


class _AllowListUnpickler(pickle.Unpickler):
    allowed: Mapping[str, Any]
    path: Path

    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in self.allowed:
            raise UserError(f"{self.path} asks for {module}.{name}, which a data file has no need of: not read")
        return self.allowed[f"{module}.{name}"]


def load(path: Path, allowed: Mapping[str, Any] = PLAIN) -> Any:
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
