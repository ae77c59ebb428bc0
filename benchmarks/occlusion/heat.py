"""From errors at a patch's places to heat at a crop's pixels."""

import cv2
import numpy as np
from jaxtyping import Float

from benchmarks.occlusion.sliding import Patch


def at_pixels(
    values: Float[np.ndarray, "places places joints"], patch: Patch, size: int
) -> Float[np.ndarray, "size size joints"]:
    """Values between the middles of the patch's places, linearly; beyond the outermost as there. `size` pixels a side.

    Linear, because the cubic interpolation of the published code swings below the least and above the greatest error.
    """
    starts = np.unique(patch.windows[:, 0])
    middles = (starts + np.minimum(starts + patch.size, patch.side)) / 2
    pixels = (np.arange(size) + 0.5) * patch.side / size
    place = np.interp(pixels, middles, np.arange(len(middles))).astype(np.float32)
    across, down = np.meshgrid(place, place)
    planes = [cv2.remap(plane, across, down, cv2.INTER_LINEAR) for plane in np.moveaxis(values, -1, 0)]
    return np.stack(planes, axis=-1)


def levels(values: Float[np.ndarray, "*shape"], least: float, greatest: float) -> Float[np.ndarray, "*shape"]:
    """Values from 0 at `least` to 1 at `greatest`; all 0 where nothing differs."""
    return np.zeros_like(values) if greatest <= least else ((values - least) / (greatest - least)).clip(0, 1)
