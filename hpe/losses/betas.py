"""Squared difference of shape coefficients."""

from jaxtyping import Float
from torch import Tensor

from hpe.losses.loss import Loss, mean_over
from hpe.types import Batch, Prediction


class BetasLoss(Loss):
    """Mean squared difference of the ten betas, over samples with SMPL labels."""

    prediction_fields = ("betas",)
    batch_fields = ("betas", "has_smpl")

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean squared error."""
        predicted, labelled, has_smpl = self.read(prediction, batch)
        return mean_over((predicted - labelled).square(), has_smpl)
