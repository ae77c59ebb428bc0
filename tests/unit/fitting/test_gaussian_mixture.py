import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from hpe.errors import UserError
from hpe.fitting.gaussian_mixture import GaussianMixture, read_mixture


def gaussians(count: int = 3) -> tuple[Tensor, Tensor, Tensor]:
    random = torch.Generator().manual_seed(0)
    factors = torch.randn(count, 69, 69, generator=random, dtype=torch.float64)
    weights = torch.rand(count, generator=random, dtype=torch.float64) + 0.1
    means = torch.randn(count, 69, generator=random, dtype=torch.float64)
    return means, factors @ factors.mT / 69 + 0.1 * torch.eye(69), weights / weights.sum()


def test_energies_differ_as_negative_log_likelihoods_of_the_likeliest_gaussian() -> None:
    means, covariances, weights = gaussians()
    poses = torch.randn(20, 69, generator=torch.Generator().manual_seed(1))
    likelihood = torch.distributions.MultivariateNormal(means, covariances).log_prob(poses[:, None].double())
    expected = -(likelihood + weights.log()).amax(-1)
    found = GaussianMixture(means, covariances, weights)(poses)
    torch.testing.assert_close(found - found[0], (expected - expected[0]).float(), atol=2e-3, rtol=1e-4)


def entries(**changes: Any) -> dict[str, Any]:
    means, covariances, weights = (values.numpy() for values in gaussians())
    return {"means": means, "covars": covariances, "weights": weights} | changes


def written(folder: Path, content: Any) -> str:
    path = folder / "gmm_08.pkl"
    path.write_bytes(pickle.dumps(content, 2))
    return str(path)


def test_a_pickle_of_numbers_is_read(tmp_path: Path) -> None:
    pose = torch.ones(1, 69)
    found = read_mixture(written(tmp_path, entries(name="gmm")))
    torch.testing.assert_close(found(pose), GaussianMixture(*gaussians())(pose))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([1, 2], "holds a list, not means"),
        ({"covars": 1}, "has no numbers called 'means'"),
        (entries(means=np.zeros((3, 72))), r"shapes \[3, 72\], \[3, 69, 69\], \[3\]"),
        (entries(weights=np.ones(0)), r"\[0\], not \[K, 69\]"),
        (entries(weights=np.array([1, np.nan, 1])), "'weights' is not finite"),
        (entries(weights=np.array([1, 0, 1])), "no positive weight"),
        (entries(covars=np.zeros((3, 69, 69))), "no positive definite covariance"),
    ],
)
def test_anything_else_is_one_line(tmp_path: Path, content: Any, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        read_mixture(written(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no pose prior .*gmm_08\.pkl: give .* or prior=families"):
        read_mixture(str(tmp_path / "gmm_08.pkl"))
