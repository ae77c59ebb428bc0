"""From pixels of 8 bits to what a network takes: a random gain a channel, clipped, then mean and deviation."""

from collections.abc import Sequence

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8

LEVELS = np.arange(256.0)


def draw_gain(spread: float, generator: np.random.Generator) -> Float[np.ndarray, "3"]:
    """A factor for each channel, from 1 - spread to 1 + spread."""
    return generator.uniform(1 - spread, 1 + spread, 3)


def normalise(
    pixels: UInt8[np.ndarray, "height width channels"],
    gain: Float[np.ndarray, "3"],
    mean: Sequence[float],
    deviation: Sequence[float],
    out: Float32[np.ndarray, "3 height width"] | None = None,
) -> Float32[np.ndarray, "3 height width"]:
    """Normalised picture, channels first, in `out` if given; mean and deviation are of pixels scaled to 0..1.

    Channels after the third are ignored. All of it is a function of one byte, so it is tabulated: 256 values a channel
    instead of arithmetic a pixel.
    """
    levels = np.minimum(gain[:, None] * LEVELS, 255) / 255
    tables = ((levels - np.array(mean)[:, None]) / np.array(deviation)[:, None]).astype(np.float32)
    planes = np.empty((3, *pixels.shape[:2]), np.float32) if out is None else out
    for channel, table in enumerate(tables):
        cv2.LUT(cv2.extractChannel(pixels, channel), table, dst=planes[channel])
    return planes
