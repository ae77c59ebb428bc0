"""Errors of joint orientations: degrees, one number a sample."""

import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.geometry.alignment import rigid
from hpe.joints import joint_group
from hpe.metrics.distances import finite

# Pelvis, hips, knees, shoulders and elbows of `smpl_24`: the joints that the 3DPW challenge scores.
SCORED = joint_group("mpjae_joints")


def mpjae(
    prediction: Float[Tensor, "*batch 24 3 3"], target: Float[Tensor, "*batch 24 3 3"]
) -> Float[Tensor, "*batch"]:
    """Mean per joint angular error in degrees over the nine joints of the 3DPW challenge (ECCV 2020) and EMDB.

    Rotations are global, products down SMPL's tree (`geometry.rotations.global_rotations`), in the camera's frame.
    NaN where a rotation is not finite.
    """
    return finite(joint_angle(prediction, target)[..., list(SCORED)].mean(-1))


def pa_mpjae(
    prediction: Float[Tensor, "*batch 24 3 3"],
    target: Float[Tensor, "*batch 24 3 3"],
    predicted_joints: Float[Tensor, "*batch joints 3"],
    target_joints: Float[Tensor, "*batch joints 3"],
) -> Float[Tensor, "*batch"]:
    """MPJAE in degrees after each prediction is turned by the rotation that aligns its joints with the target's."""
    turn = rigid(predicted_joints, target_joints).rotation
    return mpjae(turn[..., None, :, :] @ prediction, target)


def joint_angle(
    prediction: Float[Tensor, "*batch 3 3"], target: Float[Tensor, "*batch 3 3"]
) -> Float[Tensor, "*batch"]:
    """Geodesic angle in degrees between rotations, 0 to 180."""
    return torch.rad2deg(roma.rotmat_geodesic_distance(prediction, target))
