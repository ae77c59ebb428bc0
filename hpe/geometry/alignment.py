"""Rigid and similarity alignment of point sets, batched, by closed form. The last axis is always the coordinate."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.geometry.best_rotation import best_rotation


@dataclass(frozen=True)
class Similarity:
    """A rotation, a scale and a translation of each sample, kept as the two centres that it carries onto each other.

    `rotation` [*batch 3 3], `scale` [*batch], `source` and `target` [*batch 1 3] in the unit of the points.
    """

    rotation: Float[Tensor, "*batch 3 3"]
    scale: Float[Tensor, "*batch"]
    source: Float[Tensor, "*batch 1 3"]
    target: Float[Tensor, "*batch 1 3"]

    def __call__(self, points: Float[Tensor, "*batch points 3"]) -> Float[Tensor, "*batch points 3"]:
        """Points moved; far from the origin no digit is lost, because they are centred first."""
        return (points - self.source) @ (self.scale[..., None, None] * self.rotation).mT + self.target


def similarity(source: Float[Tensor, "*batch points 3"], target: Float[Tensor, "*batch points 3"]) -> Similarity:
    """The similarity transform that moves each source onto its target with the least squared error.

    Umeyama, PAMI 1991; reflections are never allowed. Where all source points coincide the scale is 0, and
    everything lands on the target's mean. NaN where a point is not finite.
    """
    source_mean, target_mean = source.mean(-2, keepdim=True), target.mean(-2, keepdim=True)
    centred = source - source_mean
    covariance = (target - target_mean).mT @ centred
    rotation = best_rotation(covariance)
    power = centred.square().sum((-1, -2))
    point = power <= _rounding(source_mean, source.shape[-2])
    scale = (rotation * covariance).sum((-1, -2)) / power.where(~point, torch.inf)
    return Similarity(rotation, scale, source_mean, target_mean)


def _rounding(mean: Float[Tensor, "*batch 1 3"], points: int) -> Float[Tensor, "*batch"]:
    """What the summed squares around the mean can be by rounding alone, where all points are one."""
    return 3 * points * (4 * torch.finfo(mean.dtype).eps * mean.abs().amax((-1, -2))).square()


def rigid(source: Float[Tensor, "*batch points 3"], target: Float[Tensor, "*batch points 3"]) -> Similarity:
    """The rotation and translation that move each source onto its target with the least squared error; scale 1.

    Kabsch, Acta Crystallographica A 32, 1976. NaN where a point is not finite.
    """
    move = similarity(source, target)
    return replace(move, scale=torch.ones_like(move.scale))


def procrustes(
    source: Float[Tensor, "*batch points 3"], target: Float[Tensor, "*batch points 3"]
) -> Float[Tensor, "*batch points 3"]:
    """`source` moved onto `target` by the best `similarity` transform, per sample."""
    return similarity(source, target)(source)
