"""Boxes (x0, y0, width, height) in pixels of many people at once."""

import numpy as np
from jaxtyping import Bool, Float

Array = np.ndarray


def tight_boxes(
    points: Float[Array, "people points 2"], seen: Bool[Array, "people points"]
) -> Float[Array, "people 4"]:
    """Around the points that are `seen`; NaN for people of whom none is. `crops.keypoint_box` does one person."""
    low = np.where(seen[..., None], points, np.inf).min(1)
    size = np.where(seen[..., None], points, -np.inf).max(1) - low
    return np.where(np.any(seen, axis=1, keepdims=True), np.concatenate([low, size], axis=1), np.nan)


def inside(points: Float[Array, "people points 2"], size: Float[Array, "2"]) -> Bool[Array, "people points"]:
    """Whether points lie in a picture of that width and height."""
    return np.all((points >= 0) & (points < size), axis=-1)


def first_with_area(*choices: Float[Array, "people 4"]) -> Float[Array, "people 4"]:
    """For each person the first box that is known and has an area, else the last one."""
    boxes = choices[-1]
    for better in reversed(choices[:-1]):
        boxes = np.where((better[:, 2:] > 0).all(1, keepdims=True), better, boxes)
    return boxes
