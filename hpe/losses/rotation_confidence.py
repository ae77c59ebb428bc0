"""How far labelled rotations can be trusted, by the 2D joints to which a body was fitted."""

from functools import cache

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.joints import joint_set


def rotation_confidence(confidence: Float[Tensor, "*batch joints"], joints: str) -> Float[Tensor, "*batch 24"]:
    """Of each SMPL joint the largest 2D confidence among those joints of the set `joints` that its rotation moves.

    After PARE (Kocabas et al., ICCV 2021), whose code has such an option: related are the joint itself, its parent and
    its children; where the set has none of them, as for the spine, all joints.
    """
    related = _related(joints).to(confidence.device)
    return torch.where(related, confidence[..., None, :], 0.0).amax(-1)


@cache
def _related(joints: str) -> Bool[Tensor, "24 joints"]:
    """Which joints of a set say something about each rotation of SMPL."""
    skeleton = joint_set("smpl_24")
    near = torch.eye(len(skeleton), dtype=torch.bool)
    for joint, parent in enumerate(skeleton.parents or ()):
        if parent >= 0:
            near[joint, parent] = near[parent, joint] = True
    bare = [name.replace("op_", "") for name in joint_set(joints).names]
    same = torch.tensor([[name == own for name in bare] for own in skeleton.names])
    related = (near.float() @ same.float()) > 0
    return related | ~related.any(-1, keepdim=True)
