"""Errors of poses and meshes: pure functions, one number a sample, metres in and out.

NaN means that a sample has no such number (no labelled joint, or a prediction that is not finite); it is never 0.
Definitions as the field uses them: Ionescu et al., Human3.6M, PAMI 2014 (MPJPE); Zhou et al., MonoCap,
PAMI 2018 (after Procrustes alignment); Loper et al., SMPL, SIGGRAPH Asia 2015 (vertices).

Every metric takes `valid`, the joints that count. Its split by occlusion is the metric of `valid & visible` and of
`valid & ~visible`; its value joint by joint is that of poses of one joint, `prediction[..., None, :]`.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.geometry.alignment import similarity
from hpe.metrics.distances import distance, finite, known_mean, labelled

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
    return known_mean(distance(prediction, target), labelled(target, valid))


def pa_mpjpe(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
) -> Float[Tensor, "*batch"]:
    """MPJPE in metres after each prediction is moved onto its target by the best similarity transform.

    Only labelled joints take part in the alignment; with fewer than three the sample has no value. Computed in
    double precision, because far from the origin single precision loses hundredths of a millimetre.
    """
    known, goal = labelled(target, valid), target.double()
    return known_mean(distance(_aligned(prediction.double(), goal, known), goal), known).to(prediction.dtype)


def aligned(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
) -> Float[Tensor, "*batch joints 3"]:
    """Predictions moved by the similarity transform that fits their labelled joints best; NaN with fewer than three.

    To align by all joints and measure the hidden ones: `mpjpe(aligned(prediction, target), target, ~visible)`.
    """
    return _aligned(prediction, target, labelled(target, valid))


def pve(
    prediction: Float[Tensor, "*batch vertices 3"], target: Float[Tensor, "*batch vertices 3"]
) -> Float[Tensor, "*batch"]:
    """Per vertex error of each sample in metres; both meshes must be around the same root already.

    A mesh is whole: one vertex that is not finite leaves the sample without a value.
    """
    return finite(distance(prediction, target).mean(-1))


def mrpe(
    prediction: Float[Tensor, "*batch joints 3"], target: Float[Tensor, "*batch joints 3"], roots: Sequence[int]
) -> Float[Tensor, "*batch"]:
    """Mean root position error: distance in metres of the mean of the joints `roots`, in the camera's frame.

    Moon et al., Camera distance-aware top-down approach, ICCV 2019.
    """
    return pve(*(points[..., list(roots), :].mean(-2, keepdim=True) for points in (prediction, target)))


def _aligned(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    known: Bool[Tensor, "*batch joints"],
) -> Float[Tensor, "*batch joints 3"]:
    move = similarity(_neutralised(prediction, known), _neutralised(target, known))
    enough = known.sum(-1) >= FEWEST_ALIGNED
    return replace(move, scale=move.scale.where(enough, torch.nan))(prediction)


def _neutralised(
    points: Float[Tensor, "*batch joints 3"], known: Bool[Tensor, "*batch joints"]
) -> Float[Tensor, "*batch joints 3"]:
    """Points with the unknown ones put at the mean of the known ones, where they move no alignment."""
    if known.all():
        return points
    total = points.where(known[..., None], 0.0).sum(-2, keepdim=True)
    return points.where(known[..., None], total / known.sum(-1).clamp(min=1)[..., None, None])
