"""Pickles as joblib writes them, read through an allow list: arrays lie as raw bytes between pieces of the pickle."""

import math
import mmap
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from hpe.errors import UserError, reason_of
from hpe.files.safe_pickle import BROKEN, PLAIN, AllowListUnpickler, Inert

COMPRESSED = {b"x": "zlib", b"\x1f\x8b": "gzip", b"BZ": "bz2", b"\xfd7z": "xz", b"]\0": "lzma", b"PK": "zip"}


class _StoredArray(Inert):
    """Stands for joblib's wrapper: dtype, shape and order of the array whose bytes follow."""


ALLOWED: Mapping[str, Any] = {**PLAIN, "joblib.numpy_pickle.NumpyArrayWrapper": _StoredArray}


class _Unpickler(AllowListUnpickler):
    """Pauses where an array lies, as joblib does.

    Arrays are views of the mapped file, so that one that nobody asks for costs no memory.
    """

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = dict(AllowListUnpickler.dispatch)

    def __init__(self, memory: mmap.mmap, path: Path) -> None:
        super().__init__(memory, path, ALLOWED)
        self.memory = memory

    def load_build(self) -> None:
        """Give an object its state; where it is joblib's wrapper, put the array in its place."""
        super().load_build()
        if isinstance(self.stack[-1], _StoredArray):
            self.stack[-1] = self._array(self.stack[-1].state)

    dispatch[pickle.BUILD[0]] = load_build

    def _array(self, state: Mapping[str, Any]) -> np.ndarray:
        """The array at the place in hand, before which joblib from 1.2 on writes one byte and so much padding."""
        if state.get("numpy_array_alignment_bytes") is not None:
            self.memory.seek(self.memory.read_byte(), 1)
        dtype, shape = state["dtype"].numpy(), [int(size) for size in state["shape"]]
        count, place = math.prod(shape), self.memory.tell()
        array = np.frombuffer(self.memory, dtype, count, place) if count > 0 else np.empty(0, dtype)
        self.memory.seek(place + array.nbytes)
        return array.reshape(shape, order="F" if state["order"] == "F" else "C")


def read_pickle(path: Path) -> Any:
    """The object in a file that pickle or joblib wrote; its larger arrays are views of the file.

    Raises UserError for a global that data need not name, a compressed file, and one that is missing or not a whole
    pickle.
    """
    if not path.is_file():
        raise UserError(f"no file {path}")
    with path.open("rb") as file:
        for magic, kind in COMPRESSED.items():
            if file.read(len(magic)) == magic:
                raise UserError(f"{path} is compressed ({kind}): write it with joblib.dump(data, FILE, compress=0)")
            file.seek(0)
        try:
            return _Unpickler(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), path).load()
        except BROKEN as error:
            raise UserError(f"{path} is not a whole pickle ({reason_of(error)}); fetch it again") from error
