"""Whether a data set's labels in 3D lie where its camera sees those in 2D."""

import numpy as np
from jaxtyping import Bool, Float

from hpe.errors import UserError
from hpe.files.limits import AGAIN
from hpe.geometry.intrinsics import NO_DISTORTION, lens_points

Array = np.ndarray
FARTHEST = 5.0


def check_projection(
    points: Float[Array, "people joints 3"],
    pixels: Float[Array, "people joints 2"],
    intrinsics: Float[Array, "3 3"],
    where: str,
    distortion: Float[Array, "5"] = NO_DISTORTION,
) -> None:
    """Raise UserError, which begins with `where`, if the median joint lies more than 5 pixels off: another's camera.

    Points are in the camera's frame. Nobody at all is no fault.
    """
    if len(points) == 0:
        return
    error = float(np.median(np.linalg.norm(lens_points(points, intrinsics, distortion) - pixels, axis=-1)))
    if not error < FARTHEST:
        words = f"the camera sees joints {error:.0f} pixels from their labels; it is another's"
        raise UserError(f"{where}: {words}, fetch both again")


def before_camera(points: Float[Array, "people joints 3"], where: str) -> Bool[Array, " people"]:
    """Who is in front of the camera with all joints; a few may not be, as they come to lie behind it.

    Raises UserError, which begins with `where`, if half of the people are not: their labels are in another frame.
    """
    seen = np.all(points[..., 2] > 0, axis=1)
    if len(seen) and 2 * seen.sum() <= len(seen):
        words = f"lies behind the camera for {(~seen).sum()} of {len(seen)} people, so in another frame"
        raise UserError(f"{where} {words}; {AGAIN}")
    return seen
