"""Rotations as others write them: axis-angle, matrices or six numbers a joint."""

import numpy as np
import roma
import torch

from hpe.errors import UserError
from hpe.geometry.rotations import rotmat_from_6d

JOINTS = 24


def axis_angle(values: np.ndarray, name: str) -> np.ndarray:
    """Axis-angle [N, 3 J] of rotations given as [N, 3 J], [N, J, 3], [N, J, 3, 3], [N, 9 J], ... for J = 24.

    The shape tells what they are, but for six numbers a joint (SPIN's layout, the first two columns interleaved),
    which must have "6d" in their `name`. Matrices need not be exact: the nearest rotation is taken. Rows that are not
    finite come out as NaN. Raises UserError for another shape.
    """
    flat = np.asarray(values, dtype=np.float32).reshape(len(values), -1)
    if flat.shape[1] == 3 * JOINTS:
        return flat
    given = torch.from_numpy(flat.astype(np.float64))
    finite = given.isfinite().all(-1)
    safe = given[finite]
    if flat.shape[1] == 9 * JOINTS:
        rotmats = roma.special_procrustes(safe.unflatten(-1, (JOINTS, 3, 3)))
    elif flat.shape[1] == 6 * JOINTS and "6d" in name.lower():
        rotmats = rotmat_from_6d(safe.unflatten(-1, (JOINTS, 6)))
    else:
        raise UserError(
            f"'{name}' has {flat.shape[1]} numbers a person: rotations are 72, 216, or 144 in a key with '6d'"
        )
    result = torch.full((len(flat), JOINTS, 3), torch.nan, dtype=torch.float64)
    result[finite] = roma.rotmat_to_rotvec(rotmats)
    return result.flatten(1).float().numpy()
