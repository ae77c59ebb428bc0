"""BEDLAM's joints in 3D: SMPL-X as its labels pose it, held against where the labels say that the picture shows it."""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from hpe.bodies.smplx_skeleton import SMPLXSkeleton
from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.geometry.intrinsics import pinhole_points

Array = np.ndarray
BODY = 22
PELVIS_AND_HIPS = [0, 1, 2]
# Labels are exact, for pictures are rendered. Of the box: 2 cm of somebody who stands, 2 pixels of a crop of 224.
NEAR, LEAST = 0.01, 1.0


def joints_in_space(
    labels: Entries,
    model: Path,
    pixels: Float[Array, "people 55 2"],
    camera: Float[Array, "people 3 3"],
    sides: Float[Array, " people"],
) -> dict[str, Array]:
    """The columns joints3d, in metres in the camera's frame of the upright picture, and confidence3d.

    `model` is SMPL-X's file. Confidence is 1 where the `camera` sees a joint within 1 % of the box's side, or within a
    pixel, of its label in `pixels`; else joint and confidence are 0: pose, shape or label are wrong, or mean another
    body. So are all joints of people whose pelvis or hips are, for losses and metrics look at joints around these.
    Raises UserError where most joints of the scene's bodies, hands and faces left out, are not where their labels are,
    and for what the files lack.
    """
    with np.errstate(all="ignore"):  # what is no place in the picture is far from its label
        joints = _posed(labels, model, len(pixels))
        seen = pinhole_points(joints, camera[:, [0, 1], [0, 1]], camera[:, :2, 2])
        off = np.linalg.norm(seen - pixels, axis=-1)
    off[~((joints[..., 2] > 0) & np.isfinite(off))] = np.inf
    near = off <= np.maximum(NEAR * sides, LEAST)[:, None]
    if 2 * near[:, :BODY].sum() < near[:, :BODY].size:
        median = f"{np.median(off[:, :BODY]):.3g} pixels"
        raise UserError(
            f"{model} is not the SMPL-X of {labels.path}: the median joint of its bodies lies {median} from its label; "
            "take SMPLX_NEUTRAL.npz of SMPL-X 1.1, or reader.smplx=null for joints in 2D only"
        )
    near &= near[:, PELVIS_AND_HIPS].all(axis=1, keepdims=True)
    return {"joints3d": np.where(near[..., None], joints, np.float32(0)), "confidence3d": near.astype(np.float32)}


def _posed(labels: Entries, model: Path, count: int) -> Float[Array, "people 55 3"]:
    """SMPL-X by pose, shape and both translations: the neutral body, whatever the labels say of gender."""
    skeleton, betas = SMPLXSkeleton.read(model), labels.array("shape", count, None)
    if betas.shape[1] > skeleton.betas:
        words = f"has {betas.shape[1]} betas, of which {model} knows {skeleton.betas}"
        raise labels.fault("shape", words, "take that of SMPL-X 1.1")
    place = labels.array("trans_cam", count, 3) + labels.array("cam_ext", count, 4, 4)[:, :3, 3]
    return skeleton.posed(labels.array("pose_cam", count, 165), betas) + np.float32(place[:, None])
