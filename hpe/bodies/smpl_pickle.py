"""SMPL's pickled model files without chumpy: arrays taken out of the saved state of its objects."""

from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from hpe.errors import UserError
from hpe.files.safe_pickle import PLAIN, Inert, load

# SMPL-X's joint regressor has half a million.
MOST_NUMBERS = 10**7


class _Value(Inert):
    """chumpy.ch.Ch: a free variable, its array is `x`."""

    def array(self) -> np.ndarray:
        return np.asarray(self.state["x"])


class _Selection(Inert):
    """chumpy.reordering.Select: entries `idxs` of the flattened `a`, in `preferred_shape`."""

    def array(self) -> np.ndarray:
        chosen = _dense(self.state["a"]).ravel()[self.state["idxs"]]
        return chosen.reshape(self.state.get("preferred_shape", chosen.shape))


class _SparseColumns(Inert):
    """scipy.sparse.csc_matrix, whose saved state differs between releases only in what is not used here."""

    def array(self) -> np.ndarray:
        columns = tuple(self.state[part] for part in ("data", "indices", "indptr"))
        rows, width = self.state["_shape"]
        if rows * width > MOST_NUMBERS:
            raise ValueError(f"it claims {rows} x {width} numbers")
        matrix = scipy.sparse.csc_matrix(columns, shape=(rows, width))
        matrix.check_format(full_check=True)  # toarray writes wherever the indices say
        return matrix.toarray()


ALLOWED = {
    **PLAIN,
    "chumpy.ch.Ch": _Value,
    "chumpy.reordering.Select": _Selection,
    "scipy.sparse.csc.csc_matrix": _SparseColumns,
    "scipy.sparse._csc.csc_matrix": _SparseColumns,
}


def read_smpl_pickle(path: Path) -> dict[str, Any]:
    """Entries of a SMPL model file by name, every array-like one as a plain dense array.

    Raises UserError where the file is no such pickle; none of its code is executed.
    """
    entries = load(path, ALLOWED)
    if not isinstance(entries, dict):
        raise UserError(f"{path} holds a {type(entries).__name__}, not the entries of a SMPL model")
    try:
        return {name: _dense(value) for name, value in entries.items()}
    except (KeyError, IndexError, ValueError, TypeError, RecursionError) as error:
        raise UserError(f"{path} holds an array that cannot be read ({error}); fetch the file again") from error


def _dense(value: Any) -> Any:
    return value.array() if isinstance(value, _Value | _Selection | _SparseColumns) else value
