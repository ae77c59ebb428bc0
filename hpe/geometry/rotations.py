"""The continuous 6-D rotation representation and mirrored poses; everything else is `roma`."""

import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.joints import joint_set


def rotmat_from_6d(rot6d: Float[Tensor, "*batch 6"]) -> Float[Tensor, "*batch 3 3"]:
    """Rotation matrix from six numbers, read as a 3x2 matrix of its first two columns.

    Gram-Schmidt of Zhou et al., On the Continuity of Rotation Representations, CVPR 2019, in the row-major
    3x2 layout that SPIN introduced.
    """
    return roma.special_gramschmidt(rot6d.unflatten(-1, (3, 2)))


def rotmat_to_6d(rotmat: Float[Tensor, "*batch 3 3"]) -> Float[Tensor, "*batch 6"]:
    """First two columns of a rotation matrix as six numbers: the inverse of `rotmat_from_6d`."""
    return rotmat[..., :2].flatten(-2)


def flip_pose(rotmats: Float[Tensor, "*batch 24 3 3"]) -> Float[Tensor, "*batch 24 3 3"]:
    """SMPL pose of the mirror image (x negated): left and right exchanged, each rotation conjugated by the mirror."""
    mirror = rotmats.new_tensor([-1.0, 1.0, 1.0])
    swapped = rotmats[..., list(joint_set("smpl_24").flip), :, :]
    return mirror[:, None] * swapped * mirror


def rotate_in_plane(degrees: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch 3 3"]:
    """Rotation about the camera's z axis that turns the picture clockwise on screen (x right, y down) by `degrees`."""
    axis = degrees.new_tensor([0.0, 0.0, 1.0])
    return roma.rotvec_to_rotmat(torch.deg2rad(degrees)[..., None] * axis)


def global_rotations(rotmats: Float[Tensor, "*batch 24 3 3"]) -> Float[Tensor, "*batch 24 3 3"]:
    """Rotations in the camera frame from rotations relative to the parent: products down SMPL's tree."""
    chain: list[Tensor] = []
    for joint, parent in enumerate(joint_set("smpl_24").parents or ()):
        chain.append(rotmats[..., joint, :, :] if parent < 0 else chain[parent] @ rotmats[..., joint, :, :])
    return torch.stack(chain, dim=-3)
