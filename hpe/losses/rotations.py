"""Squared difference of joint rotations."""

from jaxtyping import Float
from torch import Tensor

from hpe.losses.loss import Loss, mean_over
from hpe.types import Batch, Prediction


class RotationLoss(Loss):
    """Mean squared difference of the entries of all 24 rotation matrices, over samples with SMPL labels."""

    prediction_fields = ("rotmats",)
    batch_fields = ("rotmats", "has_smpl")

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean squared error."""
        predicted, labelled, has_smpl = self.read(prediction, batch)
        return mean_over((predicted - labelled).square(), has_smpl)
