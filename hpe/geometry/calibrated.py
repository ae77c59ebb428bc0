"""Calibrated cameras as data sets give them: the world seen by a camera, for many people at once. Metres and pixels.

The camera frame is x right, y down, z forward; a camera sees the world's point x at `R x + t`, where
`extrinsics = [[R, t], [0, 1]]`. Arrays rather than tensors, because annotations are read without a device.
"""

import numpy as np
from jaxtyping import Bool, Float
from scipy.spatial.transform import Rotation

from hpe.errors import UserError

Array = np.ndarray
NEAREST = 0.1  # metres; what is nearer, or behind the camera, has no place in the picture


def check_rigid(extrinsics: Float[Array, "frames 4 4"], where: str) -> None:
    """Raise UserError, which begins with `where`, naming the first frame whose rotation is not orthonormal."""
    turns = extrinsics[:, :3, :3]
    off = np.abs(turns @ turns.swapaxes(1, 2) - np.eye(3)).max((1, 2)) + (np.linalg.det(turns) < 0)
    if (off > 1e-3).any():
        raise UserError(f"{where}: the camera of frame {int((off > 1e-3).argmax())} is no rotation and translation")


def to_camera(
    points: Float[Array, "people points 3"], extrinsics: Float[Array, "people 4 4"]
) -> Float[Array, "people points 3"]:
    """Points of the world in the camera's frame."""
    return points @ extrinsics[:, :3, :3].swapaxes(1, 2) + extrinsics[:, None, :3, 3]


def turn_root(pose: Float[Array, "people 72"], turns: Float[Array, "people 3 3"]) -> Float[Array, "people 72"]:
    """SMPL poses (axis-angle) with their root, the first joint, turned: from the world's frame to the camera's."""
    root = Rotation.from_matrix(turns) * Rotation.from_rotvec(pose[:, :3])
    return np.concatenate([root.as_rotvec(), pose[:, 3:]], axis=1)


def picture_points(
    points: Float[Array, "people points 3"], intrinsics: Float[Array, "3 3"]
) -> tuple[Float[Array, "people points 2"], Bool[Array, "people points"]]:
    """Pixels of points in the camera's frame, and whether they lie in front of it; pixels are 0 where they do not."""
    in_front = points[..., 2] > NEAREST
    depth = np.where(in_front, points[..., 2], 1)[..., None]
    seen = points / depth @ intrinsics[:2].T
    return np.where(in_front[..., None], seen, 0), in_front
