"""Squared distance of projected joints from labelled ones."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.joints import joint_set
from hpe.losses.joint_choice import common_set, matching
from hpe.losses.loss import Loss, mean_over
from hpe.types import Batch, Prediction


class Keypoints2DLoss(Loss):
    """Mean over joints and coordinates of confidence * (predicted - labelled)^2, in crop units.

    Joints without label count in the mean, with 0. `joint_weights` multiplies the confidence of the joints whose
    name matches a pattern, as {"*_ankle": 0.5}. A sample with no labelled joint is left out.
    """

    prediction_fields = ("joints2d",)
    batch_fields = ("joints2d", "confidence2d")

    def __init__(self, joint_weights: Mapping[str, float] | None = None) -> None:
        super().__init__()
        self.joint_weights = dict(joint_weights or {})

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean weighted squared error in squared crop units. Raises UserError where the joint sets differ."""
        predicted, labelled, confidence = self.read(prediction, batch)
        weight = confidence * self._weights(common_set(prediction, batch)).to(confidence)
        error = weight[..., None] * (predicted - labelled).square()
        return mean_over(error, (confidence > 0).any(-1))

    def _weights(self, set_name: str) -> Float[Tensor, "joints"]:
        weights = torch.ones(len(joint_set(set_name)))
        for pattern, weight in self.joint_weights.items():
            weights[matching(set_name, pattern)] = weight
        return weights
