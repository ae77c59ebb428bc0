"""Boxes around people, (x0, y0, width, height) in pixels."""

import numpy as np
from jaxtyping import Float

Array = np.ndarray


def keypoint_box(points: Float[Array, "joints 2"], confidence: Float[Array, " joints"]) -> Float[Array, "4"]:
    """The tight box around the points with confidence above 0; NaN where there are none.

    SPIN's crop is `crops.square_crop` of it with margin 1.2; its `scale` is that crop's side over 200 pixels.
    """
    seen = points[confidence > 0]
    if len(seen) == 0:
        return np.full(4, np.nan)
    low, high = seen.min(0), seen.max(0)
    return np.concatenate([low, high - low])
