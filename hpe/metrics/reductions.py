"""From one number a sample to one number a data set, which never loses sight of the samples without a value."""

from dataclasses import dataclass

from jaxtyping import Float, Real
from torch import Tensor


@dataclass(frozen=True)
class Mean:
    """A mean (NaN where there is nothing to average), over how many values it is, and how many were undefined."""

    value: float
    samples: int
    undefined: int


def mean(values: Float[Tensor, "*samples"], weights: Real[Tensor, "*samples"] | None = None) -> Mean:
    """Mean over the values that are finite.

    Without weights every person weighs the same however many joints are labelled (`macro`); with the number of each
    person's labelled joints as weights every joint does (`micro`).
    """
    finite = values.isfinite()
    weight = finite.double() if weights is None else weights.double().where(finite, 0.0)
    total = (values.double().where(finite, 0.0) * weight).sum() / weight.sum()
    return Mean(total.item(), int(finite.sum()), int((~finite).sum()))
