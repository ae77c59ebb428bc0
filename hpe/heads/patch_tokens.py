"""A feature map as a sequence of tokens, some of which may be dropped in training."""

from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from hpe.errors import UserError


class PatchTokens(nn.Module):
    """Cuts a square feature map into patches, embeds each and adds a learned position.

    In training a part of the tokens is dropped: `mask_ratio` of them, or with `mask_sampling="uniform"` a share drawn
    once a batch from [0, `mask_ratio`]. Raises UserError where the patches do not tile the map.
    """

    def __init__(
        self,
        channels: int,
        feature_size: int,
        patch: int,
        width: int,
        mask_ratio: float = 0.0,
        mask_sampling: Literal["fixed", "uniform"] = "fixed",
    ) -> None:
        super().__init__()
        if feature_size % patch:
            raise UserError(
                f"patches of {patch} do not tile a feature map of {feature_size}x{feature_size}: "
                "set head.patch to a divisor, or choose another resolution or backbone"
            )
        self.patch = patch
        self.count = (feature_size // patch) ** 2
        self.mask_ratio = mask_ratio
        self.mask_sampling = mask_sampling
        size = patch * patch * channels
        self.embedding = nn.Identity() if size == width else nn.Linear(size, width)
        self.positions = nn.Parameter(torch.randn(1, self.count, width))

    def forward(
        self, features: Float[Tensor, "batch channels height width"]
    ) -> tuple[Float[Tensor, "batch kept token_width"], Int[Tensor, "batch kept"] | None]:
        """Tokens and the raster index of each; None for the index where all are there, in raster order."""
        tokens = self.embedding(patchify(features, self.patch)) + self.positions
        dropped = self._number_dropped() if self.training else 0
        if dropped == 0:
            return tokens, None
        order = torch.rand(len(tokens), self.count, device=tokens.device).argsort(dim=1)
        kept = order[:, dropped:]
        return tokens.gather(1, kept[..., None].expand(-1, -1, tokens.shape[-1])), kept

    def _number_dropped(self) -> int:
        share = torch.rand(()).item() if self.mask_sampling == "uniform" else 1.0
        return int(share * self.mask_ratio * self.count)


def patchify(
    features: Float[Tensor, "batch channels height width"], patch: int
) -> Float[Tensor, "batch patches values"]:
    """Square patches in raster order; within a patch row, then column, then channel."""
    rows = features.unflatten(2, (-1, patch)).unflatten(4, (-1, patch))
    return rows.permute(0, 2, 4, 3, 5, 1).flatten(3).flatten(1, 2)
