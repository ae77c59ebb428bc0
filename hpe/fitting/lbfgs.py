"""L-BFGS on many problems at once, each with a memory, a step length and an end of its own."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.errors import refuse_below
from hpe.fitting.line_search import Points, weak_wolfe
from hpe.fitting.minimiser import Energy, slope


class Memory:
    """The last steps of each problem and how its gradient changed: an inverse Hessian that is never written down."""

    def __init__(self, gradients: Float[Tensor, "some numbers"], history: int) -> None:
        self.history = history
        self.pairs: list[tuple[Tensor, Tensor, Tensor]] = []
        # Before anything is known, no step is longer than 1 in sum.
        self.scale = 1 / gradients.abs().sum(-1).clamp(min=1)

    def direction(self, gradients: Float[Tensor, "some numbers"]) -> Float[Tensor, "some numbers"]:
        """Minus inverse Hessian times gradient (Nocedal, Mathematics of Computation 35, 1980)."""
        result, shares = gradients, []
        for step, change, weight in reversed(self.pairs):
            shares.append(weight * (step * result).sum(-1))
            result = result - shares[-1][:, None] * change
        result = self.scale[:, None] * result
        for (step, change, weight), share in zip(self.pairs, reversed(shares), strict=True):
            result = result + (share - weight * (change * result).sum(-1))[:, None] * step
        return -result

    def add(self, step: Float[Tensor, "some numbers"], change: Float[Tensor, "some numbers"]) -> None:
        """Remember a step; where the gradient did not grow along it, nothing is remembered."""
        product, power = (step * change).sum(-1), change.square().sum(-1)
        good = product > 1e-10 * power
        weight = torch.where(good, 1 / product, 0)
        self.scale = torch.where(good, product / power, self.scale)
        self.pairs = [*self.pairs, (step, change, weight)][-self.history :]

    def keep(self, kept: Bool[Tensor, "some"]) -> None:
        """Forget the problems that are done."""
        self.pairs = [(step[kept], change[kept], weight[kept]) for step, change, weight in self.pairs]
        self.scale = self.scale[kept]


class LBFGS:
    """Limited-memory BFGS, at most `iterations` a problem.

    A problem ends where an iteration lowers its energy by less than the share `tolerance`. Raises UserError for less
    than one iteration or remembered step, or a tolerance below 0.
    """

    def __init__(self, iterations: int = 60, history: int = 10, tolerance: float = 1e-5) -> None:
        refuse_below(1, {"minimiser.iterations": iterations, "minimiser.history": history})
        refuse_below(0, {"minimiser.tolerance": tolerance})
        self.iterations, self.history, self.tolerance = iterations, history, tolerance

    def __call__(self, energy: Energy, start: Float[Tensor, "problems numbers"]) -> Float[Tensor, "problems numbers"]:
        """The numbers at which each problem ended."""
        rows = torch.arange(len(start), device=start.device)
        at, result = Points(rows, start, *slope(energy, start, rows)), start.clone()
        memory = Memory(at.gradients, self.history)
        for _ in range(self.iterations):
            found = weak_wolfe(energy, at, memory.direction(at.gradients), torch.ones_like(at.values))
            result[at.rows] = found.numbers
            memory.add(found.numbers - at.numbers, found.gradients - at.gradients)
            moving = at.values - found.values > self.tolerance * at.values.abs()
            if not moving.any():
                break
            memory.keep(moving)
            at = found[moving]
        return result
