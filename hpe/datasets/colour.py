"""From pixels of 8 bits to what a network takes: a random gain a channel, clipped, then mean and deviation."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Float32, UInt8


def draw_gain(spread: float, generator: np.random.Generator) -> Float[np.ndarray, "3"]:
    """A factor for each channel, from 1 - spread to 1 + spread."""
    return generator.uniform(1 - spread, 1 + spread, 3)


def normalise(
    pixels: UInt8[np.ndarray, "height width 3"],
    gain: Float[np.ndarray, "3"],
    mean: Sequence[float],
    deviation: Sequence[float],
) -> Float32[np.ndarray, "3 height width"]:
    """Normalised picture, channels first; mean and deviation are of pixels scaled to 0..1.

    All of it is a function of one byte, so it is tabulated: 256 values a channel instead of arithmetic a pixel.
    """
    levels = np.clip(np.outer(gain, np.arange(256)), 0, 255) / 255
    table = (levels - np.array(mean)[:, None]) / np.array(deviation)[:, None]
    return np.stack([np.take(table[channel].astype(np.float32), pixels[..., channel]) for channel in range(3)])
