"""Geometric augmentation: the view that a crop takes of a picture, and the body pose seen in it."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from jaxtyping import Float, Shaped
from torch import Tensor

from hpe.datasets.augmentation import Augmentation
from hpe.geometry.crops import crop_affine, pixel_affine
from hpe.geometry.rotations import flip_pose, rotate_in_plane


@dataclass(frozen=True)
class View:
    """A crop (centre x, centre y, side in pixels), mirrored if `flip`, then turned by `degrees`."""

    crop: Float[np.ndarray, "3"]
    degrees: float = 0.0
    flip: bool = False

    @cached_property
    def affine(self) -> Float[np.ndarray, "2 3"]:
        """Map from pixels of the full picture to crop units."""
        return crop_affine(self.crop, self.degrees, self.flip)

    def warp(self, picture: Shaped[np.ndarray, "..."], resolution: int, nearest: bool = False) -> np.ndarray:
        """The crop's pixels by one resampling, black outside the picture; `nearest` for pictures of labels."""
        method = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
        return cv2.warpAffine(picture, pixel_affine(self.affine, resolution), (resolution, resolution), flags=method)

    def turn_pose(self, rotmats: Float[Tensor, "24 3 3"]) -> Float[Tensor, "24 3 3"]:
        """SMPL pose of the body as this view shows it."""
        turned = flip_pose(rotmats) if self.flip else rotmats.clone()
        if self.degrees:
            turned[0] = rotate_in_plane(turned.new_tensor(self.degrees)) @ turned[0]
        return turned


def draw_view(crop: Float[np.ndarray, "3"], augmentation: Augmentation, generator: np.random.Generator) -> View:
    """A random view of the person in `crop`, with the ranges of `augmentation`."""
    flip, turn = generator.random(2) < [augmentation.flip_probability, augmentation.rotation_probability]
    angle, growth = np.clip(generator.standard_normal(2), [-2, -1], [2, 1])
    shift = generator.uniform(-1, 1, 2) * augmentation.shift * crop[2]
    side = crop[2] * (1 + growth * augmentation.scale_deviation)
    degrees = float(angle * augmentation.rotation_deviation) if turn else 0.0
    return View(np.array([*(crop[:2] + shift), side]), degrees, bool(flip))
