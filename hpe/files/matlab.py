"""MATLAB files: versions 5 to 7 by scipy, version 7.3, which is HDF5, by h5py."""

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.io

from hpe.errors import UserError, reason_of
from hpe.files.limits import AGAIN
from hpe.files.matlab_sizes import check_claims

# The largest annotations of the field, those of MPI-INF-3DHP, unpack to a third of it.
MOST_BYTES = 1 << 30
BROKEN = (ValueError, TypeError, OSError, KeyError, IndexError, NotImplementedError, MemoryError, struct.error)


def read_matlab(path: Path, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The variables of a file of version 5 to 7 by name; a struct is an object with its fields as attributes.

    Axes of length 1 are dropped, so a struct array of one is one struct. Raises UserError for a file that is missing,
    not whole, none, or larger than `most_bytes` once unpacked.
    """
    with _open(path, "MATLAB"):
        if path.stat().st_size > most_bytes:
            raise ValueError(f"{path.stat().st_size} bytes, more than such a file can have")
        check_claims(memoryview(path.read_bytes()), most_bytes)
        return scipy.io.loadmat(str(path), squeeze_me=True, struct_as_record=False)


def read_matlab73(path: Path, names: Iterable[str], most_bytes: int = MOST_BYTES) -> dict[str, np.ndarray]:
    """Arrays of numbers of a file of version 7.3 by name, axes as HDF5 has them: the reverse of MATLAB's.

    Raises UserError for a file that is missing or none, naming an array that is not in it or too large.
    """
    with _open(path, "HDF5"), h5py.File(path, "r") as file:
        return {name: _numbers(file.get(name), f"{path}: '{name}'", most_bytes) for name in names}


def read_matlab73_cells(path: Path, name: str, places: Iterable[int]) -> Iterator[np.ndarray]:
    """The arrays in some places of a cell array of version 7.3, one at a time, axes as HDF5 has them.

    Raises UserError as `read_matlab73` does, and for a place that the cell array has not got.
    """
    with _open(path, "HDF5"), h5py.File(path, "r") as file:
        cells = file.get(name)
        if not isinstance(cells, h5py.Dataset) or h5py.check_ref_dtype(cells.dtype) is None:
            raise UserError(f"{path}: '{name}' is no cell array; {AGAIN}")
        if cells.size * cells.dtype.itemsize > path.stat().st_size:
            raise UserError(f"{path}: '{name}' claims {cells.size} cells, more than the file can hold; {AGAIN}")
        references = cells[()].ravel()
        for place in places:
            if place >= len(references):
                raise UserError(f"{path}: '{name}' has {len(references)} cells, number {place + 1} is missing; {AGAIN}")
            yield _numbers(file[references[place]], f"{path}: '{name}', cell {place + 1}", MOST_BYTES)


def _numbers(dataset: Any, where: str, most_bytes: int) -> np.ndarray:
    if not isinstance(dataset, h5py.Dataset) or dataset.dtype.kind not in "biuf":
        raise UserError(f"{where} is missing or no array of numbers; {AGAIN}")
    if dataset.size * dataset.dtype.itemsize > most_bytes:
        raise UserError(f"{where} claims {dataset.size} numbers, more than such a file can have; {AGAIN}")
    return dataset[()]


@contextmanager
def _open(path: Path, kind: str) -> Iterator[None]:
    """One line for whatever goes wrong in a file."""
    if not path.is_file():
        raise UserError(f"no file {path}")
    try:
        yield
    except BROKEN as error:
        raise UserError(f"{path} is not a whole {kind} file ({reason_of(error)}); fetch it again") from error
