"""Keypoints in heat maps, and pooling of features at them: what PARE's attention is compared with."""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn


def soft_argmax(
    maps: Float[Tensor, "batch joints height width"], temperature: float = 1.0
) -> Float[Tensor, "batch joints 2"]:
    """Mean position (x, y) in pixels under the softmax of each map times `temperature` (the larger, the sharper)."""
    weights = (maps.flatten(2) * temperature).softmax(-1).view_as(maps)
    down, across = (torch.arange(count, device=maps.device, dtype=maps.dtype) for count in maps.shape[-2:])
    return torch.stack([weights.sum(-2) @ across, weights.sum(-1) @ down], dim=-1)


def peaks(
    maps: Float[Tensor, "batch joints height width"],
) -> tuple[Float[Tensor, "batch joints 2"], Float[Tensor, "batch joints"]]:
    """Position (x, y) in pixels and height of each map's peak; a map that is nowhere positive has it at (0, 0)."""
    heights, index = maps.flatten(2).max(-1)
    width = maps.shape[-1]
    points = torch.stack([index % width, index.div(width, rounding_mode="floor")], dim=-1)
    return points * (heights > 0)[..., None].to(maps.dtype), heights


def bilinear_weights(
    points: Float[Tensor, "batch joints 2"], height: int, width: int
) -> Float[Tensor, "batch joints height width"]:
    """Weights of all pixels by which a map is interpolated at `points` (x, y in pixels); zero outside the map."""
    down, across = (torch.arange(count, device=points.device, dtype=points.dtype) for count in (height, width))
    near_x = (1 - (points[..., :1] - across).abs()).relu()
    near_y = (1 - (points[..., 1:] - down).abs()).relu()
    return near_y[..., None] * near_x[..., None, :]


class KeypointSampling(nn.Module):
    """Each joint looks at one point alone, its keypoint: the "soft" or the "hard" arg max of its map.

    No gradient passes a hard one, so that its maps learn from supervision alone.
    """

    def __init__(self, argmax: Literal["soft", "hard"] = "soft", temperature: float = 1.0) -> None:
        super().__init__()
        self.argmax, self.temperature = argmax, temperature

    def forward(self, maps: Float[Tensor, "batch joints height width"]) -> Float[Tensor, "batch joints height width"]:
        """Weights of all positions for each joint."""
        points = soft_argmax(maps, self.temperature) if self.argmax == "soft" else peaks(maps)[0]
        return bilinear_weights(points, *maps.shape[-2:])
