"""Distances between points, and their mean over what is labelled: what all position metrics are made of."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def distance(a: Float[Tensor, "*batch 3"], b: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch"]:
    """Euclidean distance, several times faster on a processor than a norm over the short last axis."""
    x, y, z = (a - b).unbind(-1)
    return (x * x).addcmul(y, y).addcmul(z, z).sqrt()


def labelled(
    target: Float[Tensor, "*batch joints 3"], valid: Bool[Tensor, "*batch joints"] | None
) -> Bool[Tensor, "*batch joints"]:
    """The joints that count: their target is finite, and `valid` says so where it is given."""
    finite = target.isfinite().all(-1)
    return finite if valid is None else finite & valid


def known_mean(values: Float[Tensor, "*batch joints"], known: Bool[Tensor, "*batch joints"]) -> Float[Tensor, "*batch"]:
    """Mean over the known joints; NaN where there are none, and where one of them is not finite."""
    return finite(values.where(known, 0.0).sum(-1) / known.sum(-1))


def finite(values: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    """The values, with NaN, which means undefined, for those that are infinite."""
    return values.where(values.isfinite(), torch.nan)
