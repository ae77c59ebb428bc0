"""Adam on many problems at once: it treats every number by itself, so that problems cannot meet."""

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.errors import refuse_below
from hpe.fitting.minimiser import Energy, slope


class Adam:
    """A fixed number of steps of `torch.optim.Adam` with its default momenta. Raises UserError for fewer than one."""

    def __init__(self, rate: float = 0.01, iterations: int = 100) -> None:
        refuse_below(1, {"minimiser.iterations": iterations})
        self.rate, self.iterations = rate, iterations

    def __call__(self, energy: Energy, start: Float[Tensor, "problems numbers"]) -> Float[Tensor, "problems numbers"]:
        """The numbers after the last step."""
        numbers, rows = start.clone(), torch.arange(len(start), device=start.device)
        optimiser = torch.optim.Adam([numbers], lr=self.rate)
        for _ in range(self.iterations):
            numbers.grad = slope(energy, numbers, rows)[1]
            optimiser.step()
        return numbers
