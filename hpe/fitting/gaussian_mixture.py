"""A pose prior: the nearest of several Gaussians over 69 axis-angle numbers."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.errors import UserError
from hpe.files.safe_pickle import load

NUMBERS = 69
MOST_GAUSSIANS = 1000
MEND = "give SMPLify's gmm_08.pkl"


class GaussianMixture(nn.Module):
    """Energy of poses: the least, over the Gaussians, of half the squared Mahalanobis distance minus log weight.

    The mixture's negative log likelihood with its sum replaced by the largest summand (Olson and Agarwal, RSS 2012;
    SMPLify, equation 4). `log_scales` are the logarithms of the weights over the Gaussians' normalisers, which count
    relative to the least of them.
    """

    means: Tensor
    whitening: Tensor
    log_scales: Tensor

    def __init__(
        self,
        means: Float[Tensor, "gaussians 69"],
        covariances: Float[Tensor, "gaussians 69 69"],
        weights: Float[Tensor, "gaussians"],
    ) -> None:
        """Any precision; computed in double. Raises UserError where a covariance is not positive definite."""
        super().__init__()
        factors, failed = torch.linalg.cholesky_ex(covariances.double())
        if failed.any() or not (weights > 0).all():
            raise UserError("a Gaussian of the pose prior has no positive definite covariance or no positive weight")
        spread = factors.diagonal(dim1=-2, dim2=-1).log().sum(-1)  # log of the root of the determinant
        log_scales = weights.double().log() + spread.min() - spread - NUMBERS / 2 * math.log(2 * math.pi)
        self.register_buffer("means", means.float(), persistent=False)
        self.register_buffer("whitening", torch.linalg.inv(factors).float(), persistent=False)
        self.register_buffer("log_scales", log_scales.float(), persistent=False)

    def forward(self, pose: Float[Tensor, "*batch 69"]) -> Float[Tensor, "*batch"]:
        """The energy of each pose."""
        offset = pose[..., None, :] - self.means
        distance = torch.einsum("kij,...kj->...ki", self.whitening, offset).square().sum(-1)
        return (0.5 * distance - self.log_scales).amin(-1)


def read_mixture(file: str) -> GaussianMixture:
    """The mixture in a pickle with means [K, 69], covars [K, 69, 69] and weights [K], such as SMPLify's gmm_08.pkl.

    The pickle is not executed. Raises UserError where the file is missing or holds something else.
    """
    path = Path(file).expanduser()
    if not path.is_file():
        raise UserError(f"no pose prior {file}: {MEND} as prior.file=FILE, or prior=families, which needs no file")
    entries = load(path)
    if not isinstance(entries, dict):
        raise UserError(f"{file} holds a {type(entries).__name__}, not means, covars and weights; {MEND}")
    means, covariances, weights = (_numbers(entries, name, file) for name in ("means", "covars", "weights"))
    count = len(weights) if weights.ndim == 1 else 0
    shapes = (count, NUMBERS), (count, NUMBERS, NUMBERS)
    if not 0 < count < MOST_GAUSSIANS or (means.shape, covariances.shape) != shapes:
        found = ", ".join(str(list(array.shape)) for array in (means, covariances, weights))
        raise UserError(f"{file}: means, covars, weights have shapes {found}, not [K, 69], [K, 69, 69], [K]; {MEND}")
    try:
        return GaussianMixture(means, covariances, weights)
    except UserError as error:
        raise UserError(f"{file}: {error}; {MEND}") from error


def _numbers(entries: dict[Any, Any], name: str, file: str) -> Tensor:
    try:
        numbers = torch.from_numpy(np.array(entries[name], dtype=np.float64))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{file} has no numbers called '{name}'; {MEND}") from error
    if not numbers.isfinite().all():
        raise UserError(f"{file}: '{name}' is not finite; {MEND}")
    return numbers
