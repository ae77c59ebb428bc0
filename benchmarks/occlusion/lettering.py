"""Words on pictures."""

from typing import Literal

import cv2
import numpy as np
from jaxtyping import UInt8

LEFT, EDGE = 8, 10  # pixels
# Black under white reads on every ground.
STROKES = (((0, 0, 0), 4), ((255, 255, 255), 1))


def lettered(
    picture: UInt8[np.ndarray, "height width 3"], words: str, where: Literal["top", "bottom"] = "bottom"
) -> UInt8[np.ndarray, "height width 3"]:
    """A copy with `words` on it, at the left, as wide as the picture at most."""
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.6
    (width, height), _ = cv2.getTextSize(words, font, size, STROKES[0][1])
    size *= min(1, (picture.shape[1] - 2 * LEFT) / max(width, 1))
    place = (LEFT, EDGE + height if where == "top" else len(picture) - EDGE)
    written = picture.copy()
    for colour, thickness in STROKES:
        cv2.putText(written, words, place, font, size, colour, thickness, cv2.LINE_AA)
    return written
