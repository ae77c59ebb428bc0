"""2D PCK in units of the person's box, as 4D-Humans scores COCO, LSP-Extended and PoseTrack."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.metrics.distances import known_mean


def box_pck(
    prediction: Float[Tensor, "samples joints 2"],
    target: Float[Tensor, "samples joints 2"],
    valid: Bool[Tensor, "samples joints"],
    threshold: float,
) -> Float[Tensor, " joints"]:
    """Share of each joint's labels that are met to less than `threshold`, joint by joint because labels are uneven.

    Points are in box sides: crop units of -0.5 to 0.5 times the crop's side over the box's. Published thresholds are
    0.05 and 0.1 (Goel et al., ICCV 2023), and the published number is the mean over joints that have a label. NaN
    where a joint has none, or where a labelled prediction is not finite.
    """
    error = torch.linalg.vector_norm(prediction - target, dim=-1)
    met = (error < threshold).to(error.dtype).where(error.isfinite(), torch.nan)
    return known_mean(met.mT, valid.mT)
