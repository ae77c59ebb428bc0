"""What every backbone is: a module from a crop to one feature map, which says how to feed it."""

from dataclasses import dataclass

import timm
from jaxtyping import Float
from torch import Tensor, nn

from hpe.errors import UserError


@dataclass(frozen=True)
class Preprocessing:
    """Per-channel mean and standard deviation (RGB, of values 0 to 1) by which a network's pictures are normalised."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


def preprocessing_of(name: str) -> Preprocessing:
    """The normalisation with which timm's weights for the model `name` were trained.

    Raises UserError where timm does not know it.
    """
    config = timm.get_pretrained_cfg(name)
    if config is None:
        raise UserError(f"timm knows no preprocessing for '{name}': choose a name from timm.list_models()")
    return Preprocessing(tuple(config.mean), tuple(config.std))


class Backbone(nn.Module):
    """A network from crops to feature maps of `channels` channels, `stride` times smaller than the crop.

    `multiple` is what the crop's side must be a multiple of; `resolution` is its only possible value in pixels,
    or None where any multiple will do.
    """

    def __init__(
        self,
        name: str,
        channels: int,
        stride: int,
        preprocessing: Preprocessing,
        multiple: int | None = None,
        resolution: int | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.channels = channels
        self.stride = stride
        self.preprocessing = preprocessing
        self.multiple = multiple or stride
        self.resolution = resolution

    def feature_size(self, resolution: int) -> int:
        """Side of the feature map of a crop of `resolution` pixels.

        Raises UserError where the network cannot take such a crop.
        """
        if self.resolution not in (None, resolution):
            raise UserError(
                f"backbone {self.name} is built for crops of {self.resolution} pixels, not {resolution}: "
                f"set backbone.image_size={resolution}"
            )
        if resolution % self.multiple:
            nearest = max(round(resolution / self.multiple), 1) * self.multiple
            raise UserError(
                f"backbone {self.name} takes crops whose side is a multiple of {self.multiple}, not {resolution}: "
                f"choose {nearest}"
            )
        return resolution // self.stride

    def forward(
        self, image: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch channels feature_height feature_width"]:
        """Features of normalised RGB crops."""
        raise NotImplementedError
