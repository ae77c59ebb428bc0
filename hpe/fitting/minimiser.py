"""What every minimiser is: energies of many independent problems, and where each is least."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

# The energies of the problems called `rows`, at the points given for them.
Energy = Callable[[Float[Tensor, "some numbers"], Int[Tensor, "some"]], Float[Tensor, "some"]]


# Moves each problem's numbers to where its energy is least nearby; problems do not influence each other.
Minimiser = Callable[[Energy, Float[Tensor, "problems numbers"]], Float[Tensor, "problems numbers"]]


def slope(
    energy: Energy, at: Float[Tensor, "some numbers"], rows: Int[Tensor, "some"]
) -> tuple[Float[Tensor, "some"], Float[Tensor, "some numbers"]]:
    """Energies and their gradients."""
    point = at.detach().requires_grad_()
    with torch.enable_grad():
        values = energy(point, rows)
        (gradient,) = torch.autograd.grad(values.sum(), point)
    return values.detach(), gradient
