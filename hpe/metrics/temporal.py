"""Smoothness of tracks: acceleration, its error, and jitter. One number a frame that has enough neighbours.

A track is `[*batch time joints 3]` in metres, its frames equally spaced and without gaps: a missing frame is kept
and marked in `valid`, and every difference that would reach across it is NaN. Tracks are never joined. The unit is
in the name: metres per frame squared (VIBE, TCMR: printed in mm), or with the frame rate in Hz, metres per second
squared (WHAM, GVHMR). Definitions: Kanazawa et al., Learning 3D human dynamics from video, CVPR 2019.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.joints import joint_group
from hpe.metrics.distances import finite, known_mean

ACCELERATION, JERK = 2, 3
EMDB_IGNORED = joint_group("emdb_jitter_ignored_joints")


def accel_m_per_frame2(
    positions: Float[Tensor, "*batch time joints 3"], valid: Bool[Tensor, "*batch time joints"] | None = None
) -> Float[Tensor, "*batch inner"]:
    """Mean acceleration of the joints around each of the time - 2 inner frames."""
    return _mean_length(positions, valid, ACCELERATION)


def accel_error_m_per_frame2(
    prediction: Float[Tensor, "*batch time joints 3"],
    target: Float[Tensor, "*batch time joints 3"],
    valid: Bool[Tensor, "*batch time joints"] | None = None,
) -> Float[Tensor, "*batch inner"]:
    """Mean length of the difference of the joints' accelerations around each of the time - 2 inner frames."""
    return _mean_length(prediction - target, valid, ACCELERATION)


def accel_m_per_s2(
    positions: Float[Tensor, "*batch time joints 3"],
    frame_rate: float,
    valid: Bool[Tensor, "*batch time joints"] | None = None,
) -> Float[Tensor, "*batch inner"]:
    """`accel_m_per_frame2` in metres per second squared."""
    return frame_rate**2 * accel_m_per_frame2(positions, valid)


def accel_error_m_per_s2(
    prediction: Float[Tensor, "*batch time joints 3"],
    target: Float[Tensor, "*batch time joints 3"],
    frame_rate: float,
    valid: Bool[Tensor, "*batch time joints"] | None = None,
) -> Float[Tensor, "*batch inner"]:
    """`accel_error_m_per_frame2` in metres per second squared. WHAM drops the first and last value of a track."""
    return frame_rate**2 * accel_error_m_per_frame2(prediction, target, valid)


def jitter_m_per_s3(
    positions: Float[Tensor, "*batch time joints 3"],
    frame_rate: float,
    valid: Bool[Tensor, "*batch time joints"] | None = None,
) -> Float[Tensor, "*batch steps"]:
    """Mean jerk of the joints over each of the time - 3 spans of four frames. Tables print a tenth of it.

    Flash and Hogan, Journal of Neuroscience 1985; for poses: Yi et al., TransPose, SIGGRAPH 2021.
    """
    return frame_rate**3 * _mean_length(positions, valid, JERK)


def emdb_jitter_m_per_s3(
    positions: Float[Tensor, "*batch time 24 3"], frame_rate: float
) -> tuple[Float[Tensor, "*batch"], Float[Tensor, "*batch"]]:
    """Mean and standard deviation of a track's jerk as EMDB's evaluation prints them, before its division by 10.

    It holds nine joints still and divides by 24 all the same, so that the mean is 15/24 of the moving joints'; the
    deviation is each joint's over time, averaged over the 24.
    """
    moving = positions.clone()
    moving[..., list(EMDB_IGNORED), :] = 0.0
    jerk = frame_rate**3 * torch.linalg.vector_norm(moving.diff(JERK, dim=-3), dim=-1)
    return finite(jerk.mean((-1, -2))), finite(jerk.std(-2, correction=0).mean(-1))


def _mean_length(
    tracks: Float[Tensor, "*batch time joints 3"], valid: Bool[Tensor, "*batch time joints"] | None, order: int
) -> Float[Tensor, "*batch steps"]:
    """Mean length over joints of the differences of this order in time."""
    length = torch.linalg.vector_norm(tracks.diff(order, dim=-3), dim=-1)
    if valid is None:
        return known_mean(length, torch.ones_like(length, dtype=torch.bool))
    return known_mean(length, valid.unfold(-2, order + 1, 1).all(-1))
