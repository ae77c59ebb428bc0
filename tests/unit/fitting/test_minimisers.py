import pytest
import torch
from torch import Tensor

from hpe.fitting.adam import Adam
from hpe.fitting.lbfgs import LBFGS
from hpe.fitting.minimiser import Minimiser
from hpe.fitting.strong_wolfe import StrongWolfe

PROBLEMS = 6
SCALES = torch.logspace(-1, 3, PROBLEMS)


def valleys(numbers: Tensor, rows: Tensor) -> Tensor:
    """Rosenbrock's valley at another scale for each problem; its least value, 0, is at (1, 1)."""
    x, y = numbers.unbind(-1)
    return SCALES[rows] * ((1 - x) ** 2 + 100 * (y - x**2) ** 2)


def start() -> Tensor:
    return torch.tensor([-1.2, 1.0]).repeat(PROBLEMS, 1)


@pytest.mark.parametrize("minimise", [LBFGS(100, tolerance=0.0), StrongWolfe(100)])
def test_newtons_relatives_reach_the_end_of_the_valley(minimise: Minimiser) -> None:
    torch.testing.assert_close(minimise(valleys, start()), torch.ones(PROBLEMS, 2), atol=1e-2, rtol=0)


@pytest.mark.parametrize("minimise", [LBFGS(20), StrongWolfe(20), Adam(0.05, 50)])
def test_problems_do_not_meet(minimise: Minimiser) -> None:
    together = minimise(valleys, start())
    for row in range(PROBLEMS):
        alone = minimise(lambda numbers, rows, row=row: valleys(numbers, rows + row), start()[:1])
        torch.testing.assert_close(together[row], alone[0], atol=1e-3, rtol=0)


def test_adam_goes_downhill() -> None:
    rows, found = torch.arange(PROBLEMS), Adam(0.05, 50)(valleys, start())
    assert (valleys(found, rows) < 0.2 * valleys(start(), rows)).all()


def test_energies_that_are_not_finite_are_walked_around() -> None:
    def cliff(numbers: Tensor, rows: Tensor) -> Tensor:
        return (numbers - 3).square().sum(-1) - (2 - numbers[:, 0]).log()

    found = LBFGS(50)(cliff, torch.zeros(1, 1))
    assert 1 < found.item() < 2


def test_where_the_ground_is_flat_nothing_moves() -> None:
    def flat(numbers: Tensor, rows: Tensor) -> Tensor:
        return 0 * numbers.sum(-1)

    assert torch.equal(LBFGS(5)(flat, start()), start())
