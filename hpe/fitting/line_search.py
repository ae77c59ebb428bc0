"""Step lengths of many problems at once, each searched for by itself."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from hpe.fitting.minimiser import Energy, slope

# The usual constants of quasi-Newton methods (Nocedal and Wright, Numerical Optimization, section 3.1).
DECREASE, CURVATURE = 1e-4, 0.9
TRIALS = 20


@dataclass
class Points:
    """Where problems stand: their rows, numbers, energies and gradients."""

    rows: Int[Tensor, "some"]
    numbers: Float[Tensor, "some numbers"]
    values: Float[Tensor, "some"]
    gradients: Float[Tensor, "some numbers"]

    def __getitem__(self, kept: Bool[Tensor, "some"]) -> "Points":
        return Points(self.rows[kept], self.numbers[kept], self.values[kept], self.gradients[kept])


def weak_wolfe(
    energy: Energy, start: Points, direction: Float[Tensor, "some numbers"], step: Float[Tensor, "some"]
) -> Points:
    """Points along each direction at which the energy fell enough and its slope has flattened, by bisection.

    Lewis and Overton, Nonsmooth optimization via quasi-Newton methods, 2013. `step` is tried first. A problem whose
    energy does not fall in `TRIALS` steps stays where it is.
    """
    slopes = (start.gradients * direction).sum(-1).clamp(max=0)
    low, high = torch.zeros_like(step), torch.full_like(step, torch.inf)
    best = Points(start.rows, start.numbers.clone(), start.values.clone(), start.gradients.clone())
    tried = torch.arange(len(step), device=step.device)
    for _ in range(TRIALS):
        numbers = start.numbers[tried] + step[tried, None] * direction[tried]
        values, gradients = slope(energy, numbers, start.rows[tried])
        fallen = values <= start.values[tried] + DECREASE * step[tried] * slopes[tried]
        flat = (gradients * direction[tried]).sum(-1) >= CURVATURE * slopes[tried]
        better = tried[fallen]
        best.numbers[better], best.values[better] = numbers[fallen], values[fallen]
        best.gradients[better] = gradients[fallen]
        low[better] = step[better]
        high[tried[~fallen]] = step[tried[~fallen]]
        tried = tried[~(fallen & flat)]
        if len(tried) == 0:
            break
        step = torch.where(high.isinf(), 2 * step, (low + high) / 2)
    return best
