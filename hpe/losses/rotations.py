"""Squared difference of joint rotations."""

from typing import Literal

from jaxtyping import Float
from torch import Tensor

from hpe.losses.loss import Loss, mean_over
from hpe.types import Batch, Prediction


class RotationLoss(Loss):
    """Mean squared difference of the entries of all 24 rotation matrices, over samples with SMPL labels.

    With `confidence="joint"` each joint's difference is multiplied by its `rotation_confidence`, as PARE can; with
    "mean" the whole mean is multiplied by the mean confidence, as the HMR of PARE's authors does.
    """

    prediction_fields = ("rotmats",)
    batch_fields: tuple[str, ...] = ("rotmats", "has_smpl")

    def __init__(self, confidence: Literal["joint", "mean"] | None = None) -> None:
        super().__init__()
        self.confidence = confidence
        if confidence is not None:
            self.batch_fields = (*self.batch_fields, "rotation_confidence")

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean squared error."""
        predicted, labelled, has_smpl, *confidence = self.read(prediction, batch)
        error = (predicted - labelled).square()
        if self.confidence == "joint":
            return mean_over(confidence[0][..., None, None] * error, has_smpl)
        trust = mean_over(confidence[0], has_smpl) if confidence else 1.0
        return trust * mean_over(error, has_smpl)
