"""Cameras by focal length and centre; where a data set does not give them, they follow from its labels."""

import cv2
import numpy as np
from jaxtyping import Float

Array = np.ndarray
NO_DISTORTION = np.zeros(5)


def pinhole_points(
    points: Float[Array, "people points 3"], focal: Float[Array, "people 2"], centre: Float[Array, "people 2"]
) -> Float[Array, "people points 2"]:
    """Pixels of points in the camera's frame; each person has a camera of his own, without distortion."""
    return points[..., :2] / points[..., 2:] * focal[:, None] + centre[:, None]


def lens_points(
    points: Float[Array, "people points 3"],
    intrinsics: Float[Array, "3 3"],
    distortion: Float[Array, "5"] = NO_DISTORTION,
) -> Float[Array, "people points 2"]:
    """Pixels of points in the camera's frame, through a lens with OpenCV's coefficients (k1, k2, p1, p2, k3)."""
    still = np.zeros(3)
    pixels, _ = cv2.projectPoints(points.reshape(-1, 1, 3), still, still, intrinsics, distortion)
    return pixels.reshape(*points.shape[:-1], 2)


def fit_intrinsics(points: Float[Array, "points 3"], pixels: Float[Array, "points 2"]) -> Float[Array, "3 3"]:
    """The camera that sees points of its frame at these pixels: least squares of x = fx X/Z + cx, y = fy Y/Z + cy.

    NaN where points do not tell it: fewer than two of them, or all in one line of sight along x or y.
    """
    intrinsics = np.eye(3)
    for axis in range(2):
        slopes = points[:, axis] / points[:, 2]
        found = np.full(2, np.nan)
        if len(slopes) and np.ptp(slopes) > 0:
            found = np.linalg.lstsq(np.column_stack([slopes, np.ones_like(slopes)]), pixels[:, axis], rcond=None)[0]
        intrinsics[axis, axis], intrinsics[axis, 2] = found
    return intrinsics
