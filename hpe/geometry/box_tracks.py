"""Boxes of one person in the frames of a video, from keypoints: gaps filled, jitter smoothed. Pixels.

A track is `[frames, values]`, equally spaced in time, with NaN where the person was not seen; values may be a box's
corner and size, or its centre and scale.
"""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float
from scipy.ndimage import gaussian_filter1d, median_filter

from hpe.geometry.boxes import tight_boxes

Array = np.ndarray


def smooth_boxes(
    points: Float[Array, "frames joints 2"], seen: Bool[Array, "frames joints"]
) -> Float[Array, "frames 4"]:
    """Boxes (x0, y0, width, height) around the joints that are `seen`, every frame from the first to the last one.

    NaN before and after. Keypoints of a detector count as seen above a confidence of 0.3, say.
    """
    return smooth_track(fill_gaps(tight_boxes(points, seen)))


def fill_gaps(track: Float[Array, "frames values"]) -> Float[Array, "frames values"]:
    """Values between known frames by linear interpolation; NaN stays before the first and after the last of them."""
    known = np.isfinite(track).all(1)
    frames = np.arange(len(track))
    if not known.any():
        return track
    columns = [np.interp(frames, frames[known], values, np.nan, np.nan) for values in track[known].T]
    return np.stack(columns, axis=1)


def smooth_track(
    track: Float[Array, "frames values"],
    median: int = 11,
    sigma: float = 3.0,
    edges: Literal["nearest", "constant"] = "nearest",
) -> Float[Array, "frames values"]:
    """A track without gaps after a running median of `median` frames and a Gaussian of `sigma` frames.

    VIBE (Kocabas et al., CVPR 2020) and PARE smooth boxes so; their median takes `constant` zeros for what lies
    beyond the ends, which pulls the ends to smaller values, the edge cases repeating the last value do not.
    """
    known = np.isfinite(track).all(1)
    calm = median_filter(track[known], (median, 1), mode=edges)
    smoothed = np.full_like(track, np.nan)
    smoothed[known] = gaussian_filter1d(calm, sigma, axis=0)
    return smoothed
