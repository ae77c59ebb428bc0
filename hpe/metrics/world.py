"""Errors of people who move through the world, one number a frame: chunks of a track are aligned as a whole.

Tracks are `[*batch time joints 3]` in metres, in any world frame, and hold valid frames only. Definitions: Ye et al.,
SLAHMR, CVPR 2023 (W-MPJPE, WA-MPJPE); Shin et al., WHAM, CVPR 2024 (RTE, foot sliding).
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.geometry.alignment import rigid, similarity
from hpe.metrics.distances import distance, finite

CHUNK = 100
FIRST_FRAMES = 2
CONTACT = 0.01


def wa_mpjpe(
    prediction: Float[Tensor, "*batch time joints 3"],
    target: Float[Tensor, "*batch time joints 3"],
    chunk: int = CHUNK,
) -> Float[Tensor, "*batch time"]:
    """MPJPE in metres of each frame after one similarity transform for each chunk of frames; the last may be short."""
    return _by_chunk(prediction, target, chunk, fitted=chunk)


def w_mpjpe(
    prediction: Float[Tensor, "*batch time joints 3"],
    target: Float[Tensor, "*batch time joints 3"],
    chunk: int = CHUNK,
) -> Float[Tensor, "*batch time"]:
    """MPJPE in metres of each frame after each chunk is moved by the transform that fits its first two frames."""
    return _by_chunk(prediction, target, chunk, fitted=FIRST_FRAMES)


def rte(
    prediction: Float[Tensor, "*batch time 3"], target: Float[Tensor, "*batch time 3"]
) -> Float[Tensor, "*batch time"]:
    """Root trajectory error of each frame as a share of the path's length, after a rigid transform without scale.

    Tables print it in %. NaN where the root never moves.
    """
    path = distance(target[..., 1:, :], target[..., :-1, :]).sum(-1, keepdim=True)
    return distance(rigid(prediction, target)(prediction), target) / path.where(path > 0, torch.nan)


def foot_sliding(
    prediction: Float[Tensor, "*batch time feet 3"], target: Float[Tensor, "*batch time feet 3"]
) -> tuple[Float[Tensor, "*batch steps feet"], Bool[Tensor, "*batch steps feet"]]:
    """Metres by which each predicted foot point moves from one frame to the next, and whether the true one stands.

    The metric is the mean of the first where the second holds. A point stands where it moves less than 1 cm in a
    frame; the field takes heels and big toes.
    """
    moved, truly = (distance(feet[..., 1:, :, :], feet[..., :-1, :, :]) for feet in (prediction, target))
    return finite(moved), truly < CONTACT


def _by_chunk(
    prediction: Float[Tensor, "*batch time joints 3"],
    target: Float[Tensor, "*batch time joints 3"],
    chunk: int,
    fitted: int,
) -> Float[Tensor, "*batch time"]:
    """MPJPE of each frame after each chunk is moved by the similarity transform of its first `fitted` frames."""
    errors = []
    for moving, goal in zip(prediction.split(chunk, dim=-3), target.split(chunk, dim=-3), strict=True):
        move = similarity(*(frames[..., :fitted, :, :].flatten(-3, -2) for frames in (moving, goal)))
        errors.append(distance(move(moving.flatten(-3, -2)), goal.flatten(-3, -2)).unflatten(-1, goal.shape[-3:-1]))
    return finite(torch.cat(errors, dim=-2).mean(-1))
