"""Where each joint looks in a feature map, and what it reads there."""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn


def pool(
    features: Float[Tensor, "batch channels height width"], weights: Float[Tensor, "batch joints height width"]
) -> Float[Tensor, "batch joints channels"]:
    """Sum of the features over all positions, weighted by each joint."""
    return weights.flatten(2) @ features.flatten(2).mT


def centres(weights: Float[Tensor, "batch joints height width"]) -> Float[Tensor, "batch joints 2"]:
    """Mean position (x, y) under each joint's weights, in crop units: -1 to 1 from edge to edge of the map."""
    height, width = weights.shape[-2:]
    across, down = (_middles(count, weights) for count in (width, height))
    moments = torch.stack([weights.sum(-2) @ across, weights.sum(-1) @ down], dim=-1)
    return moments / weights.sum((-2, -1))[..., None]


def _middles(count: int, like: Tensor) -> Float[Tensor, "count"]:
    return (2 * torch.arange(count, device=like.device, dtype=like.dtype) + 1) / count - 1


class AttentionPooling(nn.Module):
    """Each joint looks where its map is high: a softmax over all positions (PARE, Kocabas et al., ICCV 2021).

    With the activation "sigmoid", positions do not compete and weights need not sum to 1. `scaled` divides the map by
    the root of its number of positions first.
    """

    def __init__(self, activation: Literal["softmax", "sigmoid"] = "softmax", scaled: bool = False) -> None:
        super().__init__()
        self.activation, self.scaled = activation, scaled

    def forward(self, maps: Float[Tensor, "batch joints height width"]) -> Float[Tensor, "batch joints height width"]:
        """Weights of all positions for each joint."""
        logits = maps.flatten(2)
        if self.scaled:
            logits = logits * logits.shape[-1] ** -0.5
        return (logits.softmax(-1) if self.activation == "softmax" else logits.sigmoid()).view_as(maps)


class AveragePooling(nn.Module):
    """Every joint looks everywhere alike: what attention is compared with."""

    def forward(self, maps: Float[Tensor, "batch joints height width"]) -> Float[Tensor, "batch joints height width"]:
        """The same weight for all positions, whatever the maps say."""
        return torch.full_like(maps, 1 / maps[0, 0].numel())
