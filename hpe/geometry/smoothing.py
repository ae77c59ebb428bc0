"""The one-euro filter (Casiez et al., CHI 2012) for tracks, of numbers and of rotations.

The first axis is time. `steps` are the frames from each row to the next, 1 by default, so that gaps in a track are
waited out; cut-off frequencies are therefore per frame: at 30 frames a second 0.004 is 0.12 Hz. What moves faster is
cut off later, by `beta` for each unit a frame. A filter looks back only and therefore lags behind.
"""

import math

import roma
import torch
from jaxtyping import Float
from torch import Tensor

SPEED_CUTOFF = 1.0


def one_euro(
    values: Float[Tensor, "frames *channels"],
    min_cutoff: float,
    beta: float,
    steps: Float[Tensor, " pauses"] | None = None,
) -> Float[Tensor, "frames *channels"]:
    """Numbers filtered channel by channel.

    On the entries of rotation matrices this is PARE's own smoothing (Kocabas et al., ICCV 2021; min_cutoff 0.004 and
    beta 1), after which they are no rotations any more; `one_euro_rotations` is what they should be given to.
    """
    kept, speed = values[0], torch.zeros_like(values[0])
    track = [kept]
    for value, step in zip(values[1:], _steps(values, steps), strict=True):
        speed = speed + _share(SPEED_CUTOFF, step) * ((value - kept) / step - speed)
        kept = kept + _share(min_cutoff + beta * speed.abs(), step) * (value - kept)
        track.append(kept)
    return torch.stack(track)


def one_euro_rotations(
    rotmats: Float[Tensor, "frames *joints 3 3"],
    min_cutoff: float,
    beta: float,
    steps: Float[Tensor, " pauses"] | None = None,
) -> Float[Tensor, "frames *joints 3 3"]:
    """Rotations filtered as rotations: each moves part of the way along the shortest turn to the next.

    The turn from the filtered rotation to the new one, a rotation vector in the parent's frame, is what a difference
    is for numbers; its length a frame is the speed, in radians. The result is a rotation whatever the parameters, and
    the same in any frame: axes chosen otherwise before give axes chosen otherwise after. Filtered entries that are
    projected back have the first property only, because each entry has a cut-off of its own.
    """
    kept, speed = rotmats[0], torch.zeros_like(rotmats[0, ..., 0])
    track = [kept]
    for rotmat, step in zip(rotmats[1:], _steps(rotmats, steps), strict=True):
        turn = roma.rotmat_to_rotvec(rotmat @ kept.mT)
        speed = speed + _share(SPEED_CUTOFF, step) * (turn / step - speed)
        share = _share(min_cutoff + beta * speed.norm(dim=-1, keepdim=True), step)
        kept = roma.rotvec_to_rotmat(share * turn) @ kept
        track.append(kept)
    return torch.stack(track)


def _steps(values: Float[Tensor, "frames *channels"], steps: Float[Tensor, " pauses"] | None) -> list[float]:
    return [1.0] * (len(values) - 1) if steps is None else steps.tolist()


def _share(cutoff: Tensor | float, step: float) -> Tensor | float:
    """How much of the way an exponential filter of that cut-off frequency goes in `step` frames."""
    turns = 2 * math.pi * cutoff * step
    return turns / (turns + 1)
