"""Which way the axes of joints3d point: x right, y down, z forward, or something else."""

import numpy as np
from jaxtyping import Float

from hpe.datasets.doctor.finding import Finding, fault, lacking, named, not_checked, sound
from hpe.datasets.doctor.landmarks import Landmarks, middle_value
from hpe.datasets.store import Store
from hpe.joints import joint_set

# Directions of the camera's frame, and what each of the store's axes may be instead.
RIGHT, DOWN = 0, 1
OPPOSITE = {"right": "left", "down": "up"}
LEAST_CORRELATION, LEAST_UPRIGHT = 0.7, 0.3


def axes(store: Store) -> Finding:
    """x and y go with the picture's axes where there are 2D joints; else most people are upright, along -y."""
    if missing := lacking(store, "joints3d"):
        return missing
    if "joints2d" in store and joint_set(store.joint_set).flip:
        return _beside_the_picture(store)
    return _by_uprightness(store)


def _beside_the_picture(store: Store) -> Finding:
    correlation = _correlations(store)
    if not np.isfinite(correlation).any():
        return not_checked("nobody has joints in 2D and in 3D")
    medians = np.array([[middle_value(correlation[:, a, b]) for b in (RIGHT, DOWN)] for a in range(3)])
    said = [_said(medians[:, axis], axis, words) for axis, words in ((RIGHT, "right"), (DOWN, "down"))]
    if wrong := [words for words in said if words]:
        with np.errstate(invalid="ignore"):
            rows = (correlation[:, RIGHT, RIGHT] < LEAST_CORRELATION) | (correlation[:, DOWN, DOWN] < LEAST_CORRELATION)
        return fault(f"{' and '.join(wrong)}{_depth_words(store)}", named(store, rows))
    if behind := _depth_words(store):
        return fault(behind.removeprefix(", "))
    return sound(f"x and y correlate with the picture's by {medians[0, 0]:.2f} and {medians[1, 1]:.2f}")


def _said(medians: Float[np.ndarray, "3"], axis: int, words: str) -> str:
    """What is wrong with the axis that should run along the picture's; empty where nothing is."""
    if medians[axis] >= LEAST_CORRELATION:
        return ""
    if np.nanmax(np.abs(medians)) < LEAST_CORRELATION:
        return f"no axis points {words}"
    found = int(np.nanargmax(np.abs(medians)))
    return f"{'xyz'[found]} points {words if medians[found] > 0 else OPPOSITE[words]}"


def _correlations(store: Store) -> Float[np.ndarray, "people 3 2"]:
    """Of joints in 3D with those in 2D, both around their mean; each joint averaged with its mirror image, so that
    crossed sides do not matter. NaN for people with fewer than four joints that have both.
    """
    flip = list(joint_set(store.joint_set).flip)
    solid, flat = (Landmarks.of(store, column).joints for column in ("joints3d", "joints2d"))
    solid, flat = (solid + solid[:, flip]) / 2, (flat + flat[:, flip]) / 2
    both = np.isfinite(solid).all(-1) & np.isfinite(flat).all(-1)
    centred = [_centred(points, both) for points in (solid, flat)]
    products = np.einsum("pja,pjb->pab", *centred)
    norms = [np.sqrt((points**2).sum(axis=1)) for points in centred]
    sizes = norms[0][:, :, None] * norms[1][:, None]
    known = (both.sum(axis=1) >= 4)[:, None, None] & (sizes > 0)
    return np.divide(products, sizes, out=np.full_like(products, np.nan), where=known)


def _centred(points: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Around the mean of the known joints; 0 where unknown."""
    filled = np.where(known[..., None], points, 0)
    mean = filled.sum(axis=1) / np.maximum(known.sum(axis=1), 1)[:, None]
    return np.where(known[..., None], filled - mean[:, None], 0)


def _by_uprightness(store: Store) -> Finding:
    torso = Landmarks.of(store, "joints3d").torso()
    with np.errstate(invalid="ignore", divide="ignore"):
        up = torso / np.linalg.norm(torso, axis=-1, keepdims=True)
    medians = np.array([middle_value(values) for values in up.T])
    if np.isnan(medians).all():
        return not_checked("nobody has hips and shoulders")
    words = f"torsos point along ({', '.join(f'{value:.2f}' for value in medians)}), by the median"
    if medians[DOWN] < -LEAST_UPRIGHT:
        return sound(words)
    axis = int(np.abs(medians).argmax())
    if abs(medians[axis]) < LEAST_UPRIGHT:
        return not_checked(f"{words}: people in all directions, and no 2D joints")
    return fault(f"{'xyz'[axis]} points {'up' if medians[axis] > 0 else 'down'}: {words}")


def _depth_words(store: Store) -> str:
    """Whether most people who are seen by a known camera are behind it."""
    depth = Landmarks.of(store, "joints3d").joints[..., 2]
    behind = (np.where(np.isfinite(depth), depth, -1) < 0).all(axis=1) & np.isfinite(depth).any(axis=1)
    return ", z points backwards: people are behind the camera" if behind.mean() > 0.5 else ""
