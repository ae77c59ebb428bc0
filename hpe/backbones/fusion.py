"""How the four branches of an HRNet become one map, as large as the finest or as small as the coarsest."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import interpolate

from hpe.backbones.convolution import convolution_step, enlarging_step

BRANCHES = 4


class InterpolatedFusion(nn.Module):
    """PARE's "interp": all branches resized bilinearly to branch `target`, then concatenated; nothing is learned."""

    def __init__(self, target: int) -> None:
        super().__init__()
        self.target = target

    def forward(self, branches: list[Tensor]) -> Float[Tensor, "batch channels height width"]:
        """One map of all channels, the finest branch's first."""
        size = branches[self.target].shape[-2:]
        resized = [interpolate(branch, size, mode="bilinear", align_corners=True) for branch in branches]
        return torch.cat(resized, dim=1)


class ConvolvedFusion(nn.Module):
    """PARE's "conv": branches brought to the size of branch `target` by learned steps of two, then concatenated.

    Branch k has `width` * 2^k channels and keeps them.
    """

    def __init__(self, width: int, target: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(_resizing(width * 2**branch, branch - target) for branch in range(BRANCHES))

    def forward(self, branches: list[Tensor]) -> Float[Tensor, "batch channels height width"]:
        """One map of all channels, the finest branch's first."""
        return torch.cat([resize(branch) for resize, branch in zip(self.branches, branches, strict=True)], dim=1)


def _resizing(channels: int, doublings: int) -> nn.Sequential:
    """Steps that double a map's side so many times, or halve it where the number is negative."""
    layers: list[nn.Module] = []
    for _ in range(abs(doublings)):
        layers += (
            enlarging_step(channels, channels) if doublings > 0 else convolution_step(channels, channels, stride=2)
        )
    return nn.Sequential(*layers)
