"""Geometric augmentation: the views that crops take of pictures, and the body poses seen in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from torch import Tensor, from_numpy

from hpe.datasets.augmentation import Augmentation
from hpe.geometry.crops import crop_affine
from hpe.geometry.rotations import flip_pose, rotate_in_plane


@dataclass(frozen=True)
class View:
    """Crops (centre x, centre y, side in pixels), mirrored where `flip`, then turned by `degrees`.

    Those of a batch, or with an empty `*people` a single one.
    """

    crop: Float[np.ndarray, "*people 3"]
    degrees: Float[np.ndarray, "*people"]
    flip: Bool[np.ndarray, "*people"]

    @cached_property
    def affine(self) -> Float[np.ndarray, "*people 2 3"]:
        """Map from pixels of the full picture to crop units."""
        return crop_affine(self.crop, self.degrees, self.flip)

    def __getitem__(self, index: Any) -> "View":
        """Some of the people, or one; their maps are not computed again."""
        some = View(self.crop[index], np.asarray(self.degrees[index]), np.asarray(self.flip[index]))
        vars(some)["affine"] = self.affine[index]
        return some

    def turn_pose(self, rotmats: Float[Tensor, "*people 24 3 3"]) -> Float[Tensor, "*people 24 3 3"]:
        """SMPL poses of bodies as these views show them."""
        mirrored = from_numpy(self.flip)[..., None, None, None]
        turned = flip_pose(rotmats).where(mirrored, rotmats)
        degrees, root = from_numpy(self.degrees), turned[..., 0, :, :]
        turned[..., 0, :, :] = (rotate_in_plane(degrees.to(rotmats)) @ root).where(
            (degrees != 0)[..., None, None], root
        )
        return turned


def whole(crop: Float[np.ndarray, "*people 3"]) -> View:
    """The crops as they are, neither turned nor mirrored."""
    return View(crop, np.zeros(crop.shape[:-1]), np.zeros(crop.shape[:-1], dtype=bool))


def draw_views(
    crop: Float[np.ndarray, "people 3"], augmentation: Augmentation, generators: Sequence[np.random.Generator]
) -> View:
    """A random view of each person, drawn by a generator of its own, with the ranges of `augmentation`."""
    chances = [augmentation.flip_probability, augmentation.rotation_probability]
    flip, turn = (np.stack([generator.random(2) for generator in generators]) < chances).T
    normal = np.stack([generator.standard_normal(2) for generator in generators])
    angle, growth = np.clip(normal, [-2, -1], [2, 1]).T
    moves = np.stack([generator.uniform(-1, 1, 2) for generator in generators])
    centre = crop[:, :2] + moves * augmentation.shift * crop[:, 2:]
    side = crop[:, 2] * (1 + growth * augmentation.scale_deviation)
    degrees = np.where(turn, angle * augmentation.rotation_deviation, 0.0)
    return View(np.column_stack([centre, side]), degrees, flip)
