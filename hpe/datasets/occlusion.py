"""How much of a person pasted occluders hide: measured on the crop, a share for each joint and for the person."""

from collections.abc import Mapping

import cv2
import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from hpe.datasets.part_maps import seen_at

# Points of a sunflower: evenly spread over a disc around a joint, whose radius is this share of the crop's side.
DISC_POINTS, DISC_RADIUS = 48, 0.04

Masks = Bool[np.ndarray, "people side side"]
Points = Float[np.ndarray, "people joints 2"]


def occlusion(
    fields: Mapping[str, Tensor], parts: Int[np.ndarray, "people part_side part_side"] | None, covered: Masks
) -> dict[str, Tensor]:
    """`joint_occlusion` and `person_occlusion` of `Batch`, from its labels and part maps as far as there are any."""
    found: dict[str, np.ndarray] = {}
    if "joints2d" in fields:
        points, known = fields["joints2d"].numpy(), fields["confidence2d"].numpy() > 0
        found["joint_occlusion"] = joint_occlusion(points, known, covered)
        found["person_occlusion"] = hull_occlusion(points, known, covered)
    if parts is not None:
        exact = silhouette_occlusion(parts, seen_at(covered, parts.shape[-1]))
        found["person_occlusion"] = np.where(np.isnan(exact), found.get("person_occlusion", exact), exact)
    return {name: torch.from_numpy(values) for name, values in found.items()}


def joint_occlusion(points: Points, known: Bool[np.ndarray, "people joints"], covered: Masks) -> np.ndarray:
    """Share of a small disc around each joint (crop units) that is covered, `people joints`.

    The disc is as much of it as lies in the crop; NaN where none does, and for joints that are not `known`.
    """
    side = covered.shape[-1]
    column, row = np.moveaxis(np.floor((points[..., None, :] + _disc() + 1) * (side / 2)).astype(int), -1, 0)
    inside = (column >= 0) & (column < side) & (row >= 0) & (row < side)
    people = np.arange(len(points))[:, None, None]
    hidden = inside & covered[people, np.where(inside, row, 0), np.where(inside, column, 0)]
    return _share(hidden.sum(-1), np.where(known, inside.sum(-1), 0))


def silhouette_occlusion(parts: Int[np.ndarray, "people side side"], covered: Masks) -> np.ndarray:
    """Share of the person's pixels in a part map that is covered, `people`; NaN where there is none of them."""
    person = parts > 0
    return _share((person & covered).sum((1, 2)), person.sum((1, 2)))


def hull_occlusion(points: Points, known: Bool[np.ndarray, "people joints"], covered: Masks) -> np.ndarray:
    """Share of the convex hull of the known joints that is covered, as far as it lies in the crop, `people`."""
    side = covered.shape[-1]
    hull = np.zeros(covered.shape, np.uint8)
    for mask, joints, given in zip(hull, points, known, strict=True):
        if given.any():
            corners = np.rint((joints[given] + 1) * (side / 2) - 0.5).clip(-9 * side, 9 * side)
            cv2.fillConvexPoly(mask, cv2.convexHull(corners.astype(np.int32)), 1)
    return _share((hull.astype(bool) & covered).sum((1, 2)), hull.sum((1, 2), dtype=np.int64))


def _disc() -> Float[np.ndarray, "points 2"]:
    count = np.arange(DISC_POINTS)
    radius, angle = 2 * DISC_RADIUS * np.sqrt((count + 0.5) / DISC_POINTS), count * np.pi * (3 - np.sqrt(5))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan).astype(np.float32)
