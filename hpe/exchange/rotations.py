"""Rotations as others write them: axis-angle, matrices or six numbers a joint."""

import numpy as np
import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.errors import UserError
from hpe.geometry.rotations import rotmat_from_6d

JOINTS = 24
CHUNK = 4096
# Products of rotations in single precision are no further from a rotation than this.
EXACT = 1e-5


def axis_angle(values: np.ndarray, name: str) -> np.ndarray:
    """Axis-angle [N, 3 J] of rotations given as [N, 3 J], [N, J, 3], [N, J, 3, 3], [N, 9 J], ... for J = 24.

    The shape tells what they are, but for six numbers a joint (SPIN's layout, the first two columns interleaved),
    which must have "6d" in their `name`. Matrices need not be exact: the nearest rotation is taken. Rows that are not
    finite come out as NaN. Raises UserError for another shape.
    """
    flat = np.asarray(values, dtype=np.float32).reshape(len(values), -1)
    if flat.shape[1] == 3 * JOINTS:
        return flat
    if flat.shape[1] not in (9 * JOINTS, 6 * JOINTS) or (flat.shape[1] == 6 * JOINTS and "6d" not in name.lower()):
        raise UserError(
            f"'{name}' has {flat.shape[1]} numbers a person: rotations are 72, 216, or 144 in a key with '6d'"
        )
    return np.concatenate([_from_numbers(part) for part in np.split(flat, range(CHUNK, len(flat), CHUNK))])


def _from_numbers(flat: np.ndarray) -> np.ndarray:
    """Axis-angle [N, 72] of finite matrices or six numbers a joint; NaN for a person with others."""
    result = np.full((len(flat), 3 * JOINTS), np.nan, dtype=np.float32)
    finite = np.isfinite(flat).all(1)
    numbers = torch.from_numpy(flat[finite].astype(np.float64)).unflatten(1, (JOINTS, -1))
    rotmats = _nearest(numbers.unflatten(-1, (3, 3))) if numbers.shape[-1] == 9 else rotmat_from_6d(numbers)
    result[finite] = roma.rotmat_to_rotvec(rotmats).flatten(1).numpy()
    return result


def _nearest(matrices: Float[Tensor, "people joints 3 3"]) -> Float[Tensor, "people joints 3 3"]:
    """The nearest rotations; only matrices that are none are decomposed, which takes a hundred times as long."""
    error = (matrices @ matrices.mT - torch.eye(3, dtype=matrices.dtype)).abs().amax((-1, -2))
    wrong = (error > EXACT) | (torch.linalg.det(matrices) < 0)
    return matrices.masked_scatter(wrong[..., None, None], roma.special_procrustes(matrices[wrong]))
