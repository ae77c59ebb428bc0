"""A penalty that keeps the camera's scale positive."""

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.losses.loss import Loss
from hpe.types import Batch, Prediction


class CameraLoss(Loss):
    """Mean of exp(-10 s)^2 of the crop camera's scale s, as in SPIN: next to nothing unless s nears 0."""

    prediction_fields = ("camera",)

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean penalty; it needs no label."""
        (camera,) = self.read(prediction, batch)
        return torch.exp(-10 * camera[..., 0]).square().mean()
