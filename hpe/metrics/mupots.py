"""MuPoTS: which prediction is which person, and predictions with the bone lengths of the truth.

Mehta et al., Single-shot multi-person 3D pose estimation, 3DV 2018, and the rules of its evaluation; 17 joints in the
order of `mupots_17`. Scores are `thresholds.pck` and `auc` over the 14 joints of `groups.MPI_INF`.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from hpe.joints import joint_group
from hpe.metrics.distances import distance

UNMATCHED, NOT_VALID = -1, -2
NEAR_PIXELS = 40.0
COMPARED = joint_group("mupots_matching_joints")
TRAVERSAL, PARENTS = joint_group("mupots_bone_traversal"), joint_group("mupots_bone_parents")


def match(
    prediction: Float[Tensor, "predictions 17 2"], target: Float[Tensor, "people 17 2"], valid: Bool[Tensor, " people"]
) -> Int[Tensor, " people"]:
    """The prediction of each person in one picture, by pixels; UNMATCHED (-1) without one, NOT_VALID (-2) unlabelled.

    People choose in their order: the free prediction with most joints less than 40 pixels off in both x and y, the
    first of equals, and at least one such joint.
    """
    joints = list(COMPARED)
    off = (target[:, None, joints] - prediction[None, :, joints]).abs()
    near = (off < NEAR_PIXELS).all(-1).sum(-1)
    chosen = torch.full((len(target),), NOT_VALID, device=target.device)
    for person in valid.nonzero().flatten().tolist():
        best = int(near[person].argmax()) if len(prediction) else UNMATCHED
        found = best != UNMATCHED and bool(near[person, best] > 0)
        chosen[person] = best if found else UNMATCHED
        if found:
            near[:, best] = 0
    return chosen


def rescale_bones(
    prediction: Float[Tensor, "*batch 17 3"], target: Float[Tensor, "*batch 17 3"]
) -> Float[Tensor, "*batch 17 3"]:
    """Predictions whose bones keep their direction but have the target's lengths, walked from the pelvis outwards."""
    moved = list(prediction.unbind(-2))
    for joint in TRAVERSAL[1:]:
        parent = PARENTS[joint]
        bone = prediction[..., joint, :] - prediction[..., parent, :]
        length = distance(target[..., joint, :], target[..., parent, :])
        factor = length / (distance(prediction[..., joint, :], prediction[..., parent, :]) + 1e-8)
        moved[joint] = moved[parent] + factor[..., None] * bone
    return torch.stack(moved, dim=-2)
