"""Iterative regression from pooled features: the head of HMR and SPIN."""

from jaxtyping import Float
from torch import Tensor

from hpe.geometry.rotations import rotmat_from_6d
from hpe.heads.head import Head
from hpe.heads.iterative_regression import IterativeRegression
from hpe.heads.mean_parameters import MeanParameters
from hpe.types import Batch, HeadOutput


class IterativeHead(Head):
    """Average pooling, then `IterativeRegression`, whose options these are."""

    def __init__(
        self,
        channels: int,
        hidden: int = 1024,
        dropout: float = 0.5,
        iterations: int = 3,
        mean: MeanParameters | None = None,
    ) -> None:
        super().__init__()
        self.mean = mean or MeanParameters()
        self.regression = IterativeRegression(channels, hidden, dropout, iterations)

    def forward(self, features: Float[Tensor, "batch channels height width"], batch: Batch) -> HeadOutput:
        """Parameters after the last iteration; rotations become matrices only then."""
        pose6d, betas, camera = self.regression(features.mean((-2, -1)), self.mean)
        return HeadOutput(rotmat_from_6d(pose6d), betas, camera, {"pose6d": pose6d})
