"""The cameras of AGORA, which the names of its pictures tell apart; angles in degrees, focal lengths in mm.

AGORA is rendered in a world of centimetres, x forward, y right, z up. Here that is y, -z, x: the camera's axes.
"""

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

SENSOR_WIDTH = 36.0
# What a picture's name contains, its focal length, the camera's yaw and how far it looks down.
FIXED = (
    ("hdri", 50.0, 0.0, 0.0),
    ("cam00", 18.0, 135.0, 30.0),
    ("cam01", 18.0, -135.0, 30.0),
    ("cam02", 18.0, -45.0, 30.0),
    ("cam03", 18.0, 45.0, 30.0),
    ("ag2", 28.0, 0.0, 15.0),
)


def camera_of(picture: str, yaw: float) -> tuple[float, float, float]:
    """Focal length, yaw and pitch of a picture's camera; `yaw` is the one that its row gives for moving cameras."""
    for mark, focal_length, own_yaw, pitch in FIXED:
        if mark in picture:
            return focal_length, own_yaw, pitch
    return 28.0, yaw, 0.0


def scan_turns(
    scan_yaw: Float[np.ndarray, " people"], camera_yaw: float, pitch: float
) -> Float[np.ndarray, "people 3 3"]:
    """Rotations from SMPL's axes (x left, y up, z to the front) of scans that stand in the world, to the camera's."""
    camera = Rotation.from_euler("x", pitch, degrees=True) * Rotation.from_euler("y", -camera_yaw, degrees=True)
    upside_down = Rotation.from_matrix(np.diag([1.0, -1.0, -1.0]))
    scans = Rotation.from_rotvec(np.outer(scan_yaw - 90, [0.0, 1, 0]), degrees=True)
    return (camera * scans * upside_down).as_matrix()
