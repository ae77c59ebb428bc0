"""Squared distance of joints that a head finds in its own maps from labelled ones."""

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.losses.loss import Loss, mean_over
from hpe.types import Batch, Prediction

# PARE's code drops the term where it is larger: a soft-argmax can only be that far off where labels lie far outside.
LARGEST = 10.0


class NativeKeypointsLoss(Loss):
    """Mean squared distance, in crop units, of the centres of 24 attention maps from SMPL's projected skeleton.

    Which makes attention a detector of joints: `hm_soft` of PARE (Kocabas et al., ICCV 2021). Samples
    whose skeleton is not known (NaN) are left out, and the term is 0 where it would be `LARGEST` or more.
    """

    auxiliary_fields = ("attention_centres",)
    batch_fields = ("skeleton2d",)

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean squared error in squared crop units."""
        found, skeleton = self.read(prediction, batch)
        known = skeleton.isfinite().all((-2, -1))
        error = mean_over((found - skeleton.where(known[..., None, None], found.detach())).square(), known)
        return torch.where(error < LARGEST, error, 0.0)
