"""Regression by repeated correction of the mean parameters, from one vector of features a person."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.heads.joint_regression import side_by_side
from hpe.heads.mean_parameters import MeanParameters, Parameters
from hpe.heads.pose_maps import JOINTS, parameter_map


class IterativeRegression(nn.Module):
    """Corrects the mean parameters a few times, each time from the features and the estimate so far.

    HMR (Kanazawa et al., CVPR 2018) with the rotations of SPIN (Kolotouros et al., ICCV 2019): six numbers a
    joint. There is no activation between the two layers, as in SPIN.
    """

    def __init__(self, width: int, hidden: int = 1024, dropout: float = 0.5, iterations: int = 3) -> None:
        super().__init__()
        self.iterations = iterations
        self.fc1 = nn.Linear(width + JOINTS * 6 + 10 + 3, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.dropout = nn.Dropout(dropout)
        self.decpose, self.decshape, self.deccam = (parameter_map(hidden, size) for size in (JOINTS * 6, 10, 3))

    def forward(self, features: Float[Tensor, "batch width"], mean: MeanParameters) -> Parameters:
        """Six numbers a joint, betas and camera after the last iteration."""
        pose6d, betas, camera = mean.expand(len(features))
        for _ in range(self.iterations):
            hidden = self.dropout(self.fc1(torch.cat([features, pose6d.flatten(1), betas, camera], dim=-1)))
            hidden = self.dropout(self.fc2(hidden))
            pose6d = pose6d + self.decpose(hidden).view_as(pose6d)
            betas = betas + self.decshape(hidden)
            camera = camera + self.deccam(hidden)
        return pose6d, betas, camera


class WholeBodyRegression(nn.Module):
    """HMR's regression over the shape features of all joints at once; the pose features are not read."""

    def __init__(
        self, pose_width: int, shape_width: int, hidden: int = 1024, dropout: float = 0.5, iterations: int = 3
    ) -> None:
        super().__init__()
        self.corrections = IterativeRegression(JOINTS * shape_width, hidden, dropout, iterations)

    def forward(
        self,
        pose_features: Float[Tensor, "batch 24 pose_width"],
        shape_features: Float[Tensor, "batch 24 shape_width"],
        mean: MeanParameters,
    ) -> Parameters:
        """Six numbers a joint, betas and camera."""
        return self.corrections(side_by_side(shape_features), mean)
