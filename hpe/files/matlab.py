"""MATLAB files: up to version 7 by scipy, version 7.3, which is HDF5, by h5py."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import scipy.io

from hpe.errors import UserError

MOST_BYTES = 4 << 30


def read_matlab(path: Path) -> dict[str, Any]:
    """The variables of a file of version 4 to 7 by name; a struct is an object with its fields as attributes.

    Axes of length 1 are dropped, so a struct array of one is one struct. Raises UserError for a file that is missing,
    too large or none.
    """
    _check(path)
    try:
        return scipy.io.loadmat(str(path), squeeze_me=True, struct_as_record=False)
    except (ValueError, TypeError, OSError, NotImplementedError, MemoryError, EOFError) as error:
        raise UserError(f"{path} is not a whole MATLAB file ({str(error).splitlines()[0]}); fetch it again") from error


def read_matlab73(path: Path, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Arrays of a file of version 7.3 by name, axes as HDF5 has them: the reverse of MATLAB's.

    Raises UserError for a file that is missing, too large or none, and naming an array that is not in it.
    """
    _check(path)
    try:
        with h5py.File(path, "r") as file:
            missing = [name for name in names if not isinstance(file.get(name), h5py.Dataset)]
            if missing:
                raise UserError(f"{path} has no array '{missing[0]}'")
            if sum(file[name].size * file[name].dtype.itemsize for name in names) > MOST_BYTES:
                raise UserError(f"{path} claims more than {MOST_BYTES >> 30} GiB: not read")
            return {name: file[name][()] for name in names}
    except (OSError, RuntimeError, ValueError) as error:
        raise UserError(f"{path} is not a whole HDF5 file ({str(error).splitlines()[0]}); fetch it again") from error


def _check(path: Path) -> None:
    if not path.is_file():
        raise UserError(f"no file {path}")
    if path.stat().st_size > MOST_BYTES:
        raise UserError(f"{path} has {path.stat().st_size} bytes, more than such a file can have: not read")
