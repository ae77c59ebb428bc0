"""Cameras: whether every person has one, and whether it projects the joints in 3D onto those in 2D."""

import numpy as np
from jaxtyping import Bool, Float

from hpe.datasets.doctor.finding import Finding, fault, lacking, named, not_checked, note, sound
from hpe.datasets.doctor.landmarks import Landmarks, middle_value
from hpe.datasets.store import Store

# Of the longer edge of the person's box; at 224 pixels about 7, which labels by hand or detector stay below.
TOLERATED = 0.03
FAR_OFF = 0.10


def camera(store: Store) -> Finding:
    """Focal lengths above 0, principal points on the picture, people in front; rows not trusted are counted."""
    if missing := lacking(store, "focal_length"):
        return missing
    invalid = ~valid(store)
    if invalid.any():
        return fault(f"{int(invalid.sum())} of {len(store)} people without a valid camera", named(store, invalid))
    behind = placed(store) & _behind(store)
    if behind.mean() > 0.01:
        return fault(f"{int(behind.sum())} people are partly behind the camera", named(store, behind))
    focal = middle_value(store["focal_length"])
    words = [f"focal length {focal:.0f} pixels by the median"]
    if "select_campose_valid" in store and not store["select_campose_valid"].all():
        words.append(f"{int((~store['select_campose_valid']).sum())} people whose camera pose is not trusted")
    if behind.any():
        words.append(f"{int(behind.sum())} people partly behind the camera")
    return note("; ".join(words), named(store, behind)) if len(words) > 1 else sound(words[0])


def reprojection(store: Store) -> Finding:
    """The joints in 3D, seen by the camera, fall on those in 2D within a few pixels."""
    if missing := lacking(store, "focal_length", "joints3d", "joints2d"):
        return missing
    errors = reprojection_errors(store)
    if np.isnan(pixels := middle_value(errors)):
        return not_checked("joints3d are around a root rather than where the camera sees them")
    relative = errors / store["box"][:, 2:].max(axis=1)
    words = f"median {pixels:.2f} pixels, {100 * middle_value(relative):.2f} % of the box"
    with np.errstate(invalid="ignore"):
        far = relative > FAR_OFF
    if middle_value(relative) > TOLERATED or far.mean() > 0.05:
        return fault(f"{words}; {int(far.sum())} people beyond {FAR_OFF:.0%}", named(store, relative > TOLERATED))
    return (
        note(f"{words}; {int(far.sum())} people beyond {FAR_OFF:.0%}", named(store, far)) if far.any() else sound(words)
    )


def reprojection_errors(store: Store) -> Float[np.ndarray, " people"]:
    """Mean distance in pixels between projected and labelled joints; NaN for people who cannot be projected."""
    solid, flat = (Landmarks.of(store, column).joints for column in ("joints3d", "joints2d"))
    focal, middle = store["focal_length"][:, None, None], store["principal_point"][:, None]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        distance = np.linalg.norm(focal * solid[..., :2] / solid[..., 2:] + middle - flat, axis=-1)
    known = np.isfinite(distance)
    usable = known.any(axis=1) & placed(store) & valid(store) & ~_behind(store)
    errors = np.full(len(store), np.nan)
    errors[usable] = np.nanmean(np.where(known, distance, np.nan)[usable], axis=1)
    return errors


def valid(store: Store) -> Bool[np.ndarray, " people"]:
    """Whether the focal length is above 0 and the principal point within a picture's size of the picture."""
    focal, middle, size = store["focal_length"], store["principal_point"], store["image_size"]
    with np.errstate(invalid="ignore"):
        near = ((middle > -size) & (middle < 2 * size)).all(axis=1)
        # A row that is not finite is told by another check.
        return np.where(np.isfinite(focal) & np.isfinite(middle).all(axis=1), (focal > 0) & near, True)


def placed(store: Store) -> Bool[np.ndarray, " people"]:
    """Whether joints3d are where the camera sees them, rather than around a root: their middle is well away from 0."""
    if "joints3d" not in store:
        return np.zeros(len(store), bool)
    depth = Landmarks.of(store, "joints3d").joints[..., 2]
    known = np.isfinite(depth)
    mean = np.where(known, depth, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.abs(mean) > 0.5


def _behind(store: Store) -> Bool[np.ndarray, " people"]:
    """Whether a joint is behind the camera; nobody where there are no joints in 3D."""
    if "joints3d" not in store:
        return np.zeros(len(store), bool)
    with np.errstate(invalid="ignore"):
        return np.asarray((Landmarks.of(store, "joints3d").joints[..., 2] <= 0).any(axis=1))
