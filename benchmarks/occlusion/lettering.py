"""Words on pictures."""

from typing import Literal

import cv2
import numpy as np
from jaxtyping import UInt8

LEFT, EDGE = 8, 10  # pixels
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
# White over black reads on every ground. Black is shifted, because thicker letters are wider ones too.
STROKES = (*((across, down, BLACK) for across in (-1, 0, 1) for down in (-1, 0, 1)), (0, 0, WHITE))


def lettered(
    picture: UInt8[np.ndarray, "height width 3"], words: str, where: Literal["top", "bottom"] = "bottom"
) -> UInt8[np.ndarray, "height width 3"]:
    """A copy with `words` on it, at the left, as wide as the picture at most."""
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.6
    (width, height), _ = cv2.getTextSize(words, font, size, 1)
    size *= min(1, (picture.shape[1] - 2 * LEFT) / max(width, 1))
    line = EDGE + height if where == "top" else len(picture) - EDGE
    written = picture.copy()
    for across, down, colour in STROKES:
        cv2.putText(written, words, (LEFT + across, line + down), font, size, colour, 1, cv2.LINE_AA)
    return written
