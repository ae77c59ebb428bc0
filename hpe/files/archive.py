"""Arrays in .npz and .npy files: what they claim is held against what is there before memory is taken."""

import io
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tokenize import TokenError
from typing import Any, cast

import numpy as np

from hpe.errors import UserError, reason_of
from hpe.files.limits import AGAIN, check_memory
from hpe.files.pickled_arrays import NUMBERS_AND_TEXT
from hpe.files.safe_pickle import load_from

READ_HEADER = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Deflate makes no more than this of a byte, and Python's objects are so many times larger than what is said of them.
MOST_DEFLATED, OBJECTS = 1040, 10
BROKEN = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, OSError, EOFError, MemoryError),
    *(ValueError, TypeError, LookupError, RuntimeError, NotImplementedError, SyntaxError, TokenError),
)


class Archive(Mapping[str, np.ndarray]):
    """The arrays of an open .npz file by name, each read when it is asked for.

    Arrays of objects are pickles: they are read through the allow list of `safe_pickle`. Asking raises UserError for
    an array that is not whole, claims more than the file holds, or needs more memory than there is.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self.archive, self.taken = path, archive, 0
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        self.entries = {name.removesuffix(".npy"): archive.getinfo(name) for name in names}

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __getitem__(self, name: str) -> np.ndarray:
        entry, where = self.entries[name], f"{self.path}: '{name}'"
        if entry.compress_type not in METHODS or entry.file_size > MOST_DEFLATED * (entry.compress_size + 1):
            raise UserError(f"{where} claims more than the file holds; {AGAIN}")
        if entry.compress_size > self.path.stat().st_size:
            raise UserError(f"{where} is cut short; fetch it again")
        self.taken += entry.file_size
        check_memory(self.taken, where)
        with _one_line(where), self.archive.open(entry) as stream:
            return _array(cast(io.BufferedIOBase, stream), entry.file_size, self.path, where)


@contextmanager
def open_npz(path: Path) -> Iterator[Archive]:
    """The arrays of an .npz file. Raises UserError where it is missing or none."""
    if not path.is_file():
        raise UserError(f"no file {path}")
    with _one_line(f"{path}: the archive"):
        archive = zipfile.ZipFile(path)
    with archive:
        yield Archive(path, archive)


def read_npy(path: Path) -> np.ndarray:
    """The array of an .npy file. Raises UserError where it is missing, not whole, or too large for the memory."""
    if not path.is_file():
        raise UserError(f"no file {path}")
    check_memory(path.stat().st_size, str(path))
    with _one_line(f"{path}: the array"), path.open("rb") as stream:
        return _array(stream, path.stat().st_size, path, str(path))


def _array(stream: io.BufferedIOBase, size: int, path: Path, where: str) -> np.ndarray:
    """The array that fills a stream of `size` bytes. Raises UserError, and ValueError for what is no array."""
    version = np.lib.format.read_magic(stream)
    shape, _, dtype = READ_HEADER[version](stream)
    left = size - stream.tell()
    if dtype.kind == "O":
        check_memory(OBJECTS * left, where)
        return _objects(load_from(stream, path), shape, where)
    if dtype.kind not in NUMBERS_AND_TEXT or min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != left:
        raise UserError(f"{where} has {left} bytes, which are no {dtype} of shape {list(shape)}; {AGAIN}")
    stream.seek(0)
    return np.lib.format.read_array(stream, allow_pickle=False)


def _objects(found: Any, shape: tuple[int, ...], where: str) -> np.ndarray:
    if not isinstance(found, np.ndarray) or found.shape != shape:
        raise UserError(f"{where} is no array of objects of shape {list(shape)}; {AGAIN}")
    return found


@contextmanager
def _one_line(where: str) -> Iterator[None]:
    """Whatever is raised about a broken file becomes a UserError that begins with `where`."""
    try:
        yield
    except BROKEN as error:
        raise UserError(f"{where} cannot be read ({reason_of(error)}); fetch it again") from error
