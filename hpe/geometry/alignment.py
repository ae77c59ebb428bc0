"""Rigid and similarity alignment of point sets, batched, by closed form."""

import torch
from jaxtyping import Float
from torch import Tensor


def procrustes(
    source: Float[Tensor, "*batch points 3"], target: Float[Tensor, "*batch points 3"]
) -> Float[Tensor, "*batch points 3"]:
    """`source` moved onto `target` by the best similarity transform (rotation, scale, translation), per sample.

    Umeyama, PAMI 1991; reflections are never allowed. Where all source points coincide the scale is 0 and the
    result is the target's mean. The layout is never guessed: the last axis is the coordinate.
    """
    source_mean, target_mean = source.mean(-2, keepdim=True), target.mean(-2, keepdim=True)
    centred, goal = source - source_mean, target - target_mean
    u, singular, vh = torch.linalg.svd(centred.transpose(-1, -2) @ goal)
    sign = torch.sign(torch.linalg.det(u @ vh))
    signs = torch.stack([torch.ones_like(sign), torch.ones_like(sign), sign], dim=-1)
    rotation = (vh.transpose(-1, -2) * signs[..., None, :]) @ u.transpose(-1, -2)
    power = centred.square().sum((-1, -2))
    scale = torch.where(power > 0, (singular * signs).sum(-1) / power.clamp(min=torch.finfo(power.dtype).tiny), 0.0)
    return scale[..., None, None] * centred @ rotation.transpose(-1, -2) + target_mean
