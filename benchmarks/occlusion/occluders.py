"""What people are hidden behind: each kind draws a layer of one size, somewhere on a person.

A layer is what lies over a square crop, `SIDE` pixels a side, whatever the resolution of the systems that look at it:
red, green and blue already multiplied by the fourth channel, which is opacity.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from hpe.datasets.cutouts import Cutout, paste, scaled
from hpe.datasets.module import IMAGENET_MEAN

SIDE = 256
OPAQUE = 127  # what is more opaque hides what is behind it
# An occluder's middle is this far from a joint, as a standard deviation in shares of the crop's side.
JITTER = 0.05

Layer = UInt8[np.ndarray, "side side 4"]
Points = Float[np.ndarray, "points 2"]


class Occluder(ABC):
    """One kind of occluder; `origin` says in words what is drawn."""

    origin: str

    @abstractmethod
    def draw(self, points: Points, size: float, generator: np.random.Generator) -> Layer:
        """A layer over the person with these `points`, in shares of the crop's side; `size` is such a share too."""


@dataclass(frozen=True)
class Patch(Occluder):
    """A square in ImageNet's mean colour, as PARE's."""

    origin = "squares in ImageNet's mean colour"

    def draw(self, points: Points, size: float, generator: np.random.Generator) -> Layer:
        """Its middle near a point."""
        grey = np.array([*(255 * mean for mean in IMAGENET_MEAN), 255], np.uint8)
        return pasted(np.broadcast_to(grey, (64, 64, 4)).copy(), points, size, generator)


@dataclass(frozen=True)
class Pasted(Occluder):
    """Objects, limbs or people cut out of pictures, the longer edge as long as the size."""

    cutouts: Sequence[Cutout]
    origin: str

    def draw(self, points: Points, size: float, generator: np.random.Generator) -> Layer:
        """A random cut-out, its middle near a point."""
        return pasted(self.cutouts[int(generator.integers(len(self.cutouts)))], points, size, generator)


@dataclass(frozen=True)
class Truncation(Occluder):
    """The picture ends within the person: black, as crops are beyond a picture. `size` is the share of the person's
    width or height that is cut off; the crop itself stays where the whole person is.
    """

    origin = "the picture ends at one side, black beyond it"

    def draw(self, points: Points, size: float, generator: np.random.Generator) -> Layer:
        """From a random side."""
        axis, far = divmod(int(generator.integers(4)), 2)
        low, high = points[:, axis].min(), points[:, axis].max()
        end = round(SIDE * (high - size * (high - low) if far else low + size * (high - low)))
        layer = np.zeros((SIDE, SIDE, 4), np.uint8)
        beyond = slice(max(end, 0), None) if far else slice(None, max(end, 0))
        layer[(beyond, slice(None)) if axis else (slice(None), beyond)] = [0, 0, 0, 255]
        return layer


def pasted(cutout: Cutout, points: Points, size: float, generator: np.random.Generator) -> Layer:
    """A cut-out over nothing, `size` long, its middle near a random point."""
    centre = SIDE * (points[generator.integers(len(points))] + JITTER * generator.standard_normal(2))
    sized = scaled(cutout, size * SIDE / max(cutout.shape[:2]))
    opaque = np.dstack([np.full((*sized.shape[:2], 3), 255, np.uint8), sized[..., 3]])
    colour, alpha = (np.zeros((SIDE, SIDE, 3), np.uint8) for _ in range(2))
    paste(colour, sized, centre)
    paste(alpha, opaque, centre)
    return np.dstack([colour, alpha[..., :1]])


def resized(layer: Layer, resolution: int) -> Layer:
    """The layer over a crop of `resolution` pixels."""
    method = cv2.INTER_AREA if resolution < SIDE else cv2.INTER_LINEAR
    return cv2.resize(layer, (resolution, resolution), interpolation=method)
