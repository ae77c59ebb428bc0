"""Shares of joints that are close enough: PCK and the area under its curve. Between 0 and 1, one number a sample.

Around a root they are 3DPCK, in the camera's frame A-3DPCK. Thresholds are in the unit of the points; 0.15 is the
150 mm of Mehta et al., MPI-INF-3DHP, 3DV 2017. NaN means undefined as in `pose`: a prediction that is not finite has
no score, rather than a miss.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.metrics.distances import distance, known_mean, labelled

MPI_INTERVALS = 30
CHALLENGE_INTERVALS = 199


def pck(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
    threshold: float = 0.15,
    inclusive: bool = False,
) -> Float[Tensor, "*batch"]:
    """Share of each sample's labelled joints whose error is below the threshold, or at it where `inclusive`.

    MPI-INF-3DHP and MuPoTS count errors below; the 3DPW challenge includes its 50 mm.
    """
    error = distance(prediction, target)
    near = error <= threshold if inclusive else error < threshold
    return known_mean(_where_finite(near.to(error.dtype), error), labelled(target, valid))


def auc(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
    highest: float = 0.15,
) -> Float[Tensor, "*batch"]:
    """Mean PCK over 31 thresholds from 0 to `highest`, as MPI-INF-3DHP and MuPoTS define it.

    In closed form: an error e passes the thresholds above it, which are 30 - floor(30 e / highest) of the 31.
    """
    error = distance(prediction, target)
    passed = MPI_INTERVALS - (error / (highest / MPI_INTERVALS)).floor()
    return known_mean(_where_finite(passed.clamp(min=0) / (MPI_INTERVALS + 1), error), labelled(target, valid))


def challenge_auc(
    prediction: Float[Tensor, "*batch joints 3"],
    target: Float[Tensor, "*batch joints 3"],
    valid: Bool[Tensor, "*batch joints"] | None = None,
    step: float = 0.001,
) -> Float[Tensor, "*batch"]:
    """Area under the inclusive PCK over 0, 1, ..., 199 mm, of which 199 mm count as 1, by the trapezoidal rule.

    The 3DPW challenge's (ECCV 2020). In closed form: a joint counts from the first threshold at or above its error,
    and for half of the interval before. `step` is a millimetre in the unit of the points.
    """
    error = distance(prediction, target)
    first = (error / step).ceil()
    area = (CHALLENGE_INTERVALS + 0.5 - first).clamp(min=0, max=CHALLENGE_INTERVALS) / CHALLENGE_INTERVALS
    return known_mean(_where_finite(area, error), labelled(target, valid))


def _where_finite(score: Float[Tensor, "*batch joints"], error: Float[Tensor, "*batch joints"]) -> Tensor:
    return score.where(error.isfinite(), torch.nan)
