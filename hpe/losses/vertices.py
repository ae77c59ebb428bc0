"""Absolute difference of mesh vertices."""

from jaxtyping import Float
from torch import Tensor

from hpe.losses.loss import Loss, mean_over
from hpe.types import Batch, Prediction


class VertexLoss(Loss):
    """Mean absolute difference of vertex coordinates in metres, over samples with SMPL labels.

    Both meshes are around the body's own origin: neither is moved onto the other.
    """

    prediction_fields = ("vertices",)
    batch_fields = ("vertices", "has_smpl")

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean absolute error in metres."""
        predicted, labelled, has_smpl = self.read(prediction, batch)
        return mean_over((predicted - labelled).abs(), has_smpl)
