"""The schema of stored predictions: which columns there may be, their types and shapes."""

from collections.abc import Mapping

import numpy as np

from hpe.datasets.schema import Column
from hpe.errors import UserError, did_you_mean

SCHEMA = "hpe-predictions"
VERSION = 1

COLUMNS: dict[str, Column] = {
    "sample": Column(np.int64, required=True),  # row in the data store
    "sequence": Column(str, required=True),
    "frame": Column(np.int32, required=True),
    "person": Column(np.int32, required=True),
    "pose": Column(np.float32, (72,), needs=("betas",)),  # axis-angle, camera frame
    "betas": Column(np.float32, (10,), needs=("pose",)),
    "camera": Column(np.float32, (3,)),  # weak-perspective crop camera (s, tx, ty)
    "crop": Column(np.float32, (3,)),  # centre x, centre y, side: pixels of the full picture
    "transl": Column(np.float32, (3,)),  # metres, camera frame
    "joints3d": Column(np.float32, ("J", 3)),  # metres, camera frame or around a root
    "uncertainty": Column(np.float32, ("J",)),
}


def checked(columns: Mapping[str, np.ndarray], body: str | None, joints: int) -> dict[str, np.ndarray]:
    """The columns in the schema's types. Numbers that are not finite pass: they are what a system said.

    `body` is None for a system without one, `joints` the size of the joint set. Raises UserError for an unknown,
    missing, lonely or misshaped column, for no rows, and for samples that are negative or come twice.
    """
    _check_names(set(columns), body)
    rows = np.size(columns["sample"])
    if rows == 0:
        raise UserError("no predictions: the store is empty; predict again")
    arrays = {name: _typed(name, np.asarray(columns[name])) for name in COLUMNS if name in columns}
    for name, values in arrays.items():
        wanted = (rows, *(joints if size == "J" else size for size in COLUMNS[name].shape))
        if values.shape != wanted:
            raise UserError(f"column '{name}' has shape {list(values.shape)}, expected {list(wanted)}")
    if (arrays["sample"] < 0).any() or len(np.unique(arrays["sample"])) < rows:
        raise UserError("column 'sample' must name each row of the data store at most once, from 0 up")
    return arrays


def _check_names(names: set[str], body: str | None) -> None:
    for name in sorted(names - COLUMNS.keys()):
        raise UserError(f"unknown column '{name}'; {did_you_mean(name, COLUMNS)}")
    for name, column in COLUMNS.items():
        if column.required and name not in names:
            raise UserError(f"column '{name}' is missing")
        for other in column.needs if name in names else ():
            if other not in names:
                raise UserError(f"column '{name}' needs column '{other}', which is missing")
    if not names & {"pose", "joints3d"}:
        raise UserError("neither a column 'pose' nor a column 'joints3d': nothing is predicted")
    if "pose" in names and body is None:
        raise UserError("column 'pose' needs the name of a body")


def _typed(name: str, values: np.ndarray) -> np.ndarray:
    """`values` in the column's type, if they are of its kind."""
    kind = COLUMNS[name].kind
    known = "OSU" if kind is str else {"i": "iu", "f": "f"}[np.dtype(kind).kind]
    if values.dtype.kind not in known:
        raise UserError(f"column '{name}' holds {values.dtype}, expected {kind.__name__}")
    return values.astype(kind, copy=False)
