"""Errors of poses and meshes: pure functions, one number a sample, metres in and out.

NaN means that a sample has no such number (no labelled joint, or a prediction that is not finite); it is never 0.
Definitions as the field uses them: Ionescu et al., Human3.6M, PAMI 2014 (MPJPE); Zhou et al., MonoCap,
PAMI 2018 (after Procrustes alignment); Loper et al., SMPL, SIGGRAPH Asia 2015 (vertices).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.geometry.alignment import procrustes

# Two points leave a similarity transform undetermined: it turns freely about the line through them.
FEWEST_ALIGNED = 3


def centre(points: Float[Tensor, "*batch points 3"], roots: Sequence[int]) -> Float[Tensor, "*batch points 3"]:
    """Points seen from the mean of the joints `roots` (one joint, or both hips)."""
    return points - points[..., list(roots), :].mean(-2, keepdim=True)


def mpjpe(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
) -> Float[Tensor, "*batch"]:
    """Mean per joint position error of each sample in metres, over its labelled joints.

    Both poses must be around the same root already (`centre`). A joint counts as labelled where `valid` says so
    and its target is finite.
    """
    known = _labelled(target, valid)
    return _mean(torch.linalg.vector_norm(prediction - target, dim=-1), known)


def pa_mpjpe(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
) -> Float[Tensor, "*batch"]:
    """MPJPE in metres after each prediction is moved onto its target by the best similarity transform.

    Only labelled joints take part in the alignment; with fewer than three the sample has no value.
    """
    known = _labelled(target, valid)
    finite = (prediction.isfinite().all(-1) | ~known).all(-1)
    # In single precision the decomposition loses hundredths of a millimetre far from the origin.
    source, goal = _neutralised(prediction.double(), known), _neutralised(target.double(), known)
    error = _mean(torch.linalg.vector_norm(procrustes(source, goal) - goal, dim=-1), known)
    return error.where(finite & (known.sum(-1) >= FEWEST_ALIGNED), torch.nan).to(prediction.dtype)


def pve(
    prediction: Float[Tensor, "*batch vertices 3"], target: Float[Tensor, "*batch vertices 3"]
) -> Float[Tensor, "*batch"]:
    """Per vertex error of each sample in metres; both meshes must be around the same root already."""
    return mpjpe(prediction, target)


def _labelled(
    target: Float[Tensor, "*batch joints 3"], valid: Bool[Tensor, "*batch joints"] | None
) -> Bool[Tensor, "*batch joints"]:
    finite = target.isfinite().all(-1)
    return finite if valid is None else finite & valid


def _mean(values: Float[Tensor, "*batch joints"], known: Bool[Tensor, "*batch joints"]) -> Float[Tensor, "*batch"]:
    """Mean over the known joints; 0 / 0 gives the NaN of a sample without any."""
    return values.where(known, 0.0).sum(-1) / known.sum(-1)


def _neutralised(
    points: Float[Tensor, "*batch joints 3"], known: Bool[Tensor, "*batch joints"]
) -> Float[Tensor, "*batch joints 3"]:
    """Points with the unknown ones put at the mean of the known ones, where they move no alignment.

    What is not finite becomes 0, because the decomposition refuses it; such samples are undefined anyway.
    """
    finite = points.nan_to_num(0.0, 0.0, 0.0)
    weights = known[..., None].to(points.dtype)
    middle = (finite * weights).sum(-2, keepdim=True) / weights.sum(-2, keepdim=True).clamp(min=1)
    return finite.where(known[..., None], middle)
