"""A pull of the shape coefficients towards a common body, which needs no label."""

from jaxtyping import Float
from torch import Tensor

from hpe.losses.loss import Loss
from hpe.types import Batch, Prediction

# The body that PARE's code (Kocabas et al., ICCV 2021) pulls to.
COMMON_BETAS = (0.5, 0.5, -0.5, 0.5, -0.35, 0.0, 0.0, 0.4, 0.0, 0.25)


class ShapePrior(Loss):
    """Mean squared difference of the ten predicted betas from `COMMON_BETAS`, over all samples."""

    prediction_fields = ("betas",)

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean squared difference."""
        (betas,) = self.read(prediction, batch)
        return (betas - betas.new_tensor(COMMON_BETAS)).square().mean()
