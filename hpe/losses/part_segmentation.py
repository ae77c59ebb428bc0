"""Cross entropy of a map of body parts."""

from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from hpe.losses.loss import Loss
from hpe.types import Batch, Prediction

UNKNOWN, BACKGROUND = -1, 0


class PartSegmentationLoss(Loss):
    """Mean cross entropy of `part_logits` (background, 24 parts) over all pixels whose part is known.

    Logits are enlarged to the labels' size bilinearly, corner on corner (PARE, Kocabas et al., ICCV 2021). `covered`
    says what a pixel is on which an occluder was pasted: "kept" the part behind it, as in PARE, "ignored", or
    "background".
    """

    auxiliary_fields = ("part_logits",)
    batch_fields = ("parts",)

    def __init__(self, covered: Literal["kept", "ignored", "background"] = "kept") -> None:
        super().__init__()
        self.covered = covered

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean cross entropy in nats; 0 where no pixel is known."""
        logits, parts = self.read(prediction, batch)
        parts = self._seen(parts, batch).flatten(0, -3)
        logits = functional.interpolate(
            logits.flatten(0, -4), size=parts.shape[-2:], mode="bilinear", align_corners=True
        )
        total = functional.cross_entropy(logits, parts, ignore_index=UNKNOWN, reduction="sum")
        return total / (parts != UNKNOWN).sum().clamp(min=1)

    def _seen(self, parts: Int[Tensor, "*batch height width"], batch: Batch) -> Int[Tensor, "*batch height width"]:
        """The parts, but for what occluders cover."""
        if self.covered == "kept" or batch.covered is None:
            return parts
        masks = batch.covered.flatten(0, -3)[:, None].float()
        hidden = functional.interpolate(masks, size=parts.shape[-2:], mode="nearest-exact")[:, 0] > 0
        label = UNKNOWN if self.covered == "ignored" else BACKGROUND
        return torch.where(hidden.view(parts.shape) & (parts != UNKNOWN), label, parts)
