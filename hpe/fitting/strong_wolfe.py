"""torch's own L-BFGS, a problem at a time: over several at once its line search would couple them."""

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.errors import refuse_below
from hpe.fitting.minimiser import Energy, slope


class StrongWolfe:
    """`torch.optim.LBFGS` with the strong Wolfe line search, at most `iterations` a problem.

    Raises UserError for less than one iteration or remembered step.
    """

    def __init__(self, iterations: int = 100, history: int = 10) -> None:
        refuse_below(1, {"minimiser.iterations": iterations, "minimiser.history": history})
        self.iterations, self.history = iterations, history

    def __call__(self, energy: Energy, start: Float[Tensor, "problems numbers"]) -> Float[Tensor, "problems numbers"]:
        """The numbers at which each problem's search ended."""
        rows = torch.arange(len(start), device=start.device)
        return torch.cat([self._one(energy, start[row : row + 1], rows[row : row + 1]) for row in range(len(start))])

    def _one(self, energy: Energy, start: Float[Tensor, "1 numbers"], row: Tensor) -> Float[Tensor, "1 numbers"]:
        numbers = start.clone()
        optimiser = torch.optim.LBFGS(
            [numbers], max_iter=self.iterations, history_size=self.history, line_search_fn="strong_wolfe"
        )

        def closure() -> float:
            value, numbers.grad = slope(energy, numbers, row)
            return float(value)

        optimiser.step(closure)
        return numbers
