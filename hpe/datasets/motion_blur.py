"""Motion blur: each pixel is the mean of a short line around it, as if the camera had moved."""

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from hpe.datasets.augmentation import Augmentation

SHORTEST = 3
Pixels = UInt8[np.ndarray, "height width channels"]


def blurred(pixels: Pixels, augmentation: Augmentation, generator: np.random.Generator) -> Pixels:
    """The crop, blurred with `augmentation.blur_probability` along a line of random length and direction."""
    if not augmentation.blur_probability or generator.random() >= augmentation.blur_probability:
        return pixels
    length = SHORTEST + 2 * int(generator.integers((augmentation.blur_length - SHORTEST) // 2 + 1))
    return cv2.filter2D(pixels, -1, line_kernel(length, generator.uniform(0, np.pi)))


def line_kernel(length: int, angle: float) -> Float32[np.ndarray, "{length} {length}"]:
    """A line through the middle of a square of `length` pixels, at `angle` in radians, whose weights sum to 1."""
    middle = (length - 1) / 2
    reach = middle / max(abs(np.cos(angle)), abs(np.sin(angle)))
    step = np.rint(np.array([np.cos(angle), np.sin(angle)]) * reach).astype(int)
    kernel = np.zeros((length, length), np.uint8)
    cv2.line(kernel, tuple(map(int, middle - step)), tuple(map(int, middle + step)), 1)
    return (kernel / kernel.sum()).astype(np.float32)
