"""Pickles from anybody else, read through an allow list: names outside it are refused, so no code of the file runs."""

import io
import pickle
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from hpe.errors import UserError, reason_of
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
    AssertionError,
    struct.error,
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


_PythonUnpickler: Any = pickle._Unpickler


class AllowListUnpickler(_PythonUnpickler):
    """Python's unpickler in Python: the one in C takes a file's word for how long its memo and its lists are.

    `allowed` gives, by "module.name", what stands for each global that the file may name.
    """

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = dict(_PythonUnpickler.dispatch)

    def __init__(self, file: Any, path: Path, allowed: Mapping[str, Any]) -> None:
        super().__init__(file, encoding="latin1")
        self.path, self.allowed = path, allowed

    def find_class(self, module: str, name: str) -> Any:
        """What stands for a global of the file. Raises UserError for one outside the allow list."""
        asked = f"{module}.{name}"
        if asked not in self.allowed:
            shown = asked.encode("unicode_escape").decode()
            words = f"asks for {shown}, which a data file has no need of"
            raise UserError(f"{self.path} {words}: not read, fetch it from its owners")
        return self.allowed[asked]

    def load_bytearray8(self) -> None:
        """Take memory for the bytes that are there, not for those that are claimed."""
        self.append(bytearray(self.read(struct.unpack("<Q", self.read(8))[0])))

    dispatch[pickle.BYTEARRAY8[0]] = load_bytearray8


def load(path: Path, allowed: Mapping[str, Any] = PLAIN) -> Any:
    """The object in a pickle of Python 2 or 3, its byte strings read as latin1.

    `allowed` gives, by "module.name", what stands for each global that the file may name; numbers, strings and
    containers need none. Raises UserError for any other global, and for a file that is missing or not a whole pickle.
    """
    if not path.is_file():
        raise UserError(f"no file {path}")
    with path.open("rb") as file:
        return load_from(file, path, allowed)


def load_from(file: io.BufferedIOBase, path: Path, allowed: Mapping[str, Any] = PLAIN) -> Any:
    """The object in a pickle that begins where an open `file` stands; `path` is what errors name, as above."""
    try:
        return AllowListUnpickler(file, path, allowed).load()
    except BROKEN as error:
        raise UserError(f"{path} is not a whole pickle file ({reason_of(error)}); fetch it again") from error
