"""MPJPE with the scale taken out: for systems that cannot know how tall a person is."""

from jaxtyping import Bool, Float
from torch import Tensor

from hpe.metrics.distances import labelled
from hpe.metrics.pose import mpjpe


def best_scale(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
) -> Float[Tensor, "*batch"]:
    """The factor s = sum <p, g> / sum <p, p> that brings each prediction closest to its target.

    Rhodin et al., Unsupervised geometry-aware representation, ECCV 2018. One scale for a whole sequence is that of
    all its frames' joints in a row: `best_scale(prediction.flatten(-3, -2), ...)`. NaN where all points are 0.
    """
    known = labelled(target, valid)[..., None]
    points = prediction.where(known, 0.0)
    return (points * target.where(known, 0.0)).sum((-1, -2)) / points.square().sum((-1, -2))


def n_mpjpe(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
) -> Float[Tensor, "*batch"]:
    """MPJPE in metres of each prediction times its best scale; poses around a root, or both in the camera's frame."""
    return mpjpe(best_scale(prediction, target, valid)[..., None, None] * prediction, target, valid)
