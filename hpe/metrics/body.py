"""The three numbers of a predicted body in millimetres: MPJPE, PA-MPJPE and PVE, one value a sample."""

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.joints import joint_set
from hpe.metrics.pose import centre, mpjpe, pa_mpjpe, pve
from hpe.types import Batch, BodyOutput, Prediction

MILLIMETRES = 1000.0
ROOT = "pelvis"


def body_errors(prediction: BodyOutput, target: BodyOutput) -> dict[str, Float[Tensor, "batch"]]:
    """`mpjpe`, `pa_mpjpe` and `pve` of each sample in mm: SMPL's 24 joints and all vertices, around the pelvis."""
    joints, labelled = (body.joints - body.joints[:, :1] for body in (prediction, target))
    vertices, mesh = (body.vertices - body.joints[:, :1] for body in (prediction, target))
    return {
        "mpjpe": MILLIMETRES * mpjpe(joints, labelled),
        "pa_mpjpe": MILLIMETRES * pa_mpjpe(joints, labelled),
        "pve": MILLIMETRES * pve(vertices, mesh),
    }


def joint_errors(prediction: Prediction, batch: Batch) -> dict[str, Float[Tensor, "batch"]]:
    """The same for a data set without bodies, by its labelled joints; what it lacks is NaN.

    Raises UserError where the joint set has no pelvis.
    """
    undefined = torch.full_like(prediction.joints3d[:, 0, 0], torch.nan)
    if batch.joints3d is None or batch.confidence3d is None:
        return {"mpjpe": undefined, "pa_mpjpe": undefined, "pve": undefined}
    root, valid = joint_set(batch.joint_set).index(ROOT), batch.confidence3d > 0
    predicted, labelled = (centre(joints, root) for joints in (prediction.joints3d, batch.joints3d))
    rooted = mpjpe(predicted, labelled, valid).where(valid[:, root].all(-1), torch.nan)
    aligned = pa_mpjpe(predicted, labelled, valid)
    return {"mpjpe": MILLIMETRES * rooted, "pa_mpjpe": MILLIMETRES * aligned, "pve": undefined}
