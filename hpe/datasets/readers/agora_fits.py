"""AGORA's SMPL fits: a pickle of tensors a scan, in the axes of the scan."""

from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Float

from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.files.pickled_tensors import TENSORS
from hpe.files.safe_pickle import PLAIN, load

ROOTS = ("root_pose", "global_orient")
Fit = tuple[Float[np.ndarray, "72"], Float[np.ndarray, "10"]]


class Fits:
    """Reads each fit of the data set in `root` once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.read = cache(self._read)

    def _read(self, named: str) -> Fit:
        """Pose (axis-angle) and the first ten betas of the fit that a table names, by its .obj or its .pkl file.

        Raises UserError where it is missing or not what it should be.
        """
        path = (self.root / named).with_suffix(".pkl")
        if not path.is_file():
            raise UserError(f"no fit {path}: unpack AGORA's SMPL fits in {self.root.resolve()}")
        fit = Entries(path, load(path, {**PLAIN, **TENSORS}))
        root = next((key for key in ROOTS if key in fit.entries), ROOTS[0])
        pose = [_flat(fit, key, size) for key, size in ((root, 3), ("body_pose", 69))]
        return np.concatenate(pose), _flat(fit, "betas", 10)


def _flat(fit: Entries, key: str, size: int) -> np.ndarray:
    """The first `size` numbers of a row; axis-angle poses must have no more."""
    value = fit[key]
    row = Entries(fit.path, {key: value.reshape(-1) if isinstance(value, np.ndarray) else value}).array(key, None)
    if len(row) < size or (key != "betas" and len(row) != size):
        raise fit.fault(key, f"has {len(row)} numbers, expected {size}")
    return row[:size]
