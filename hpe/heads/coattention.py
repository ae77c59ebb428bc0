"""Co-attention: two maps of the same scene, each completed by what it finds in the other."""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from hpe.backbones.convolution import convolution_step

Map = Float[Tensor, "batch channels height width"]


class CoAttention(nn.Module):
    """Each position of one map attends to all of the other, gated, and is fused with what was there.

    Lu et al., See More, Know More, CVPR 2019, as an option of PARE. One affinity matrix serves both directions.
    `fusion` is a plain convolution of `kernel`, or one ("single") or two ("double") with batch norm and ReLU. The same
    weights are applied `iterations` times.
    """

    def __init__(
        self,
        channels: int,
        fusion: Literal["simple", "single", "double"] = "simple",
        kernel: int = 1,
        iterations: int = 1,
    ) -> None:
        super().__init__()
        self.iterations = iterations
        self.affinity = nn.Linear(channels, channels, bias=False)
        self.gate = nn.Conv2d(channels, 1, 1, bias=False)
        self.fuse_seen, self.fuse_parts = (_fusion(channels, fusion, kernel) for _ in range(2))

    def forward(self, parts: Map, seen: Map) -> tuple[Map, Map]:
        """The part map and the feature map after the last iteration."""
        for _ in range(self.iterations):
            # The positions of `seen` pass through the affinity matrix, whoever asks.
            keys = self.affinity(_positions(seen))
            found_by_parts = _attend(_positions(parts), keys, _positions(seen), like=parts)
            found_by_seen = _attend(keys, _positions(parts), _positions(parts), like=seen)
            parts = self._fused(self.fuse_parts, found_by_parts, parts)
            seen = self._fused(self.fuse_seen, found_by_seen, seen)
        return parts, seen

    def _fused(self, fuse: nn.Module, found: Map, own: Map) -> Map:
        return fuse(torch.cat([found * self.gate(found).sigmoid(), own], dim=1))


def _positions(map_: Map) -> Float[Tensor, "batch 1 positions channels"]:
    return map_.flatten(2).mT[:, None]


def _attend(query: Tensor, key: Tensor, value: Tensor, like: Map) -> Map:
    """Attention that never holds the matrix of all pairs of positions, which at 56x56 takes 39 MB a person."""
    return scaled_dot_product_attention(query, key, value, scale=1.0)[:, 0].mT.reshape(like.shape)


def _fusion(channels: int, fusion: str, kernel: int) -> nn.Module:
    if fusion == "simple":
        return nn.Conv2d(2 * channels, channels, kernel, padding=kernel // 2, bias=False)
    second = convolution_step(channels, channels, kernel) if fusion == "double" else []
    return nn.Sequential(*convolution_step(2 * channels, channels, kernel), *second)
