"""Iterative regression from pooled features: the head of HMR and SPIN."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.geometry.rotations import rotmat_from_6d
from hpe.heads.head import Head
from hpe.heads.mean_parameters import MeanParameters
from hpe.types import Batch, HeadOutput


class IterativeHead(Head):
    """Corrects the mean parameters a few times, each time from the features and the estimate so far.

    HMR (Kanazawa et al., CVPR 2018) with the rotations of SPIN (Kolotouros et al., ICCV 2019): six numbers a
    joint. There is no activation between the two layers, as in SPIN.
    """

    def __init__(
        self,
        channels: int,
        hidden: int = 1024,
        dropout: float = 0.5,
        iterations: int = 3,
        mean: MeanParameters | None = None,
    ) -> None:
        super().__init__()
        self.iterations = iterations
        self.mean = mean or MeanParameters()
        self.fc1 = nn.Linear(channels + 24 * 6 + 10 + 3, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.dropout = nn.Dropout(dropout)
        self.decpose, self.decshape, self.deccam = (nn.Linear(hidden, size) for size in (24 * 6, 10, 3))
        for layer in (self.decpose, self.decshape, self.deccam):
            # Small first corrections keep the first estimates near the mean person.
            nn.init.xavier_uniform_(layer.weight, gain=0.01)

    def forward(self, features: Float[Tensor, "batch channels height width"], batch: Batch) -> HeadOutput:
        """Parameters after the last iteration; rotations become matrices only then."""
        pooled = features.mean((-2, -1))
        mean = (self.mean.pose6d.flatten(), self.mean.betas, self.mean.camera)
        pose6d, betas, camera = (value.expand(len(pooled), -1) for value in mean)
        for _ in range(self.iterations):
            hidden = self.dropout(self.fc1(torch.cat([pooled, pose6d, betas, camera], dim=-1)))
            hidden = self.dropout(self.fc2(hidden))
            pose6d = pose6d + self.decpose(hidden)
            betas = betas + self.decshape(hidden)
            camera = camera + self.deccam(hidden)
        pose6d = pose6d.unflatten(-1, (24, 6))
        return HeadOutput(rotmat_from_6d(pose6d), betas, camera, {"pose6d": pose6d})
