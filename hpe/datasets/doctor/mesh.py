"""The labelled body over a crop, where the labels put it."""

from collections.abc import Mapping

import numpy as np
import roma
import torch
from jaxtyping import Float, UInt8

from hpe.bodies.body import Body
from hpe.datasets.doctor.cameras import placed, valid
from hpe.datasets.doctor.landmarks import Landmarks
from hpe.datasets.schema import GENDERS
from hpe.datasets.store import Store
from hpe.geometry.cameras import default_focal_length
from hpe.geometry.crops import transform_points
from hpe.joints import joint_set
from hpe.rendering.overlay import draw_mesh
from hpe.types import BodyOutput

COLOUR = (0.55, 0.80, 0.55)
POINTS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")

Picture = UInt8[np.ndarray, "height width 3"]


def draw_labelled_mesh(
    store: Store, row: int, bodies: Mapping[str, Body], crop: Picture, affine: Float[np.ndarray, "2 3"]
) -> Picture | None:
    """The mesh of a row's pose and betas over its crop; None without SMPL label, body of its gender or known place.

    It stands where joints3d are seen by the row's camera; else where its joints fall nearest to joints2d, under a
    camera that is guessed where it is unknown.
    """
    if not store["has_smpl"][row]:
        return None
    gender = GENDERS[store["gender"][row]] if "gender" in store else "neutral"
    if gender not in bodies:
        return None
    body = bodies[gender]
    posed = _posed(body, store, row)
    focal, middle = _camera(store, row)
    translation = _translation(store, row, posed, focal, middle)
    if translation is None:
        return None
    # The crop is not turned, so the affine map scales both axes alike.
    half, centre = len(crop) / 2, transform_points(affine, middle[None])[0]
    vertices = posed.vertices + torch.from_numpy(translation.astype(np.float32))
    place = (float((centre[0] + 1) * half), float((centre[1] + 1) * half))
    return draw_mesh(crop, vertices, body.faces, focal * float(affine[0, 0]) * half, place, COLOUR)


@torch.inference_mode()
def _posed(body: Body, store: Store, row: int) -> BodyOutput:
    rotmats = roma.rotvec_to_rotmat(torch.from_numpy(store["pose"][row]).view(24, 3))
    return body(rotmats, torch.from_numpy(store["betas"][row]))


def _camera(store: Store, row: int) -> tuple[float, Float[np.ndarray, "2"]]:
    if "focal_length" in store and valid(store)[row]:
        return float(store["focal_length"][row]), store["principal_point"][row].astype(np.float64)
    size = store["image_size"][row]
    return float(default_focal_length(torch.from_numpy(size))), size.astype(np.float64) / 2


def _translation(
    store: Store, row: int, posed: BodyOutput, focal: float, middle: Float[np.ndarray, "2"]
) -> Float[np.ndarray, "3"] | None:
    """Metres by which the body is moved to where the labels have it."""
    own = Landmarks(joint_set("smpl_24").names, posed.joints.numpy()[None])
    if "focal_length" in store and "joints3d" in store and placed(store)[row]:
        moved = Landmarks.of(store, "joints3d").middle("hip")[row] - own.middle("hip")[0]
        return moved if np.isfinite(moved).all() else None
    if "joints2d" not in store:
        return None
    flat = Landmarks.of(store, "joints2d")
    seen = np.concatenate([np.stack(flat.pair(name))[:, row] for name in POINTS])
    solid = np.concatenate([np.stack(own.pair(name))[:, 0] for name in POINTS])
    known = np.isfinite(seen).all(axis=1)
    return nearest_translation(solid[known], seen[known] - middle, focal) if known.sum() >= 3 else None


def nearest_translation(
    points: Float[np.ndarray, "points 3"], pixels: Float[np.ndarray, "points 2"], focal: float
) -> Float[np.ndarray, "3"]:
    """Least squares over f (x + tx) = u (z + tz) and f (y + ty) = v (z + tz), which are linear in the translation."""
    ones, zeros = np.ones(len(points)), np.zeros(len(points))
    left = np.concatenate(
        [np.stack([focal * ones, zeros, -pixels[:, 0]], 1), np.stack([zeros, focal * ones, -pixels[:, 1]], 1)]
    )
    right = np.concatenate([pixels[:, axis] * points[:, 2] - focal * points[:, axis] for axis in (0, 1)])
    return np.linalg.lstsq(left, right, rcond=None)[0]
