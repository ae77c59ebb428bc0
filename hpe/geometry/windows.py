"""Where a square occluder stands as it slides over a picture."""

import numpy as np
from jaxtyping import Int


def sliding_windows(side: int, window: int, stride: int) -> Int[np.ndarray, "windows 4"]:
    """Rows (top, bottom, left, right) in pixels of a window that slides over a square picture, row by row.

    `ceil((side - window) / stride + 1)` positions an axis, so that the last ones reach the edge and are cut off
    there. The occlusion sensitivity of PARE (Kocabas et al., ICCV 2021) takes 224, 40 and 40.
    """
    starts = stride * np.arange(-(-(side - window) // stride) + 1)
    starts = starts[starts < side]
    spans = np.stack([starts, np.minimum(starts + window, side)], axis=-1)
    rows, columns = np.repeat(spans, len(spans), axis=0), np.tile(spans, (len(spans), 1))
    return np.concatenate([rows, columns], axis=-1)
