"""What every head is, and how one is built to fit a backbone."""

from collections.abc import Mapping
from typing import Any

import hydra
from jaxtyping import Float
from torch import Tensor, nn

from hpe.errors import UserError
from hpe.types import Batch, HeadOutput


class Head(nn.Module):
    """A network from a feature map to SMPL rotations, betas and a crop camera."""

    def forward(self, features: Float[Tensor, "batch channels height width"], batch: Batch) -> HeadOutput:
        """What the features of a batch of crops say about its people."""
        raise NotImplementedError


def build_head(config: Mapping[str, Any], channels: int, feature_size: int) -> Head:
    """The head of `config`, made for feature maps of `channels` channels and `feature_size` squared positions.

    Of the keys `channels` and `feature_size`, one that is null takes the backbone's value and one that is pinned
    must agree with it; a key that the config lacks is of no interest to the head. Raises UserError for a misfit.
    """
    given = {"channels": channels, "feature_size": feature_size}
    wanted = {key: value for key, value in given.items() if key in config}
    for key, value in wanted.items():
        if config[key] not in (None, value):
            name = str(config["_target_"]).rpartition(".")[2]
            raise UserError(
                f"{name} is made for {key}={config[key]} but the backbone gives {key}={value}: "
                f"choose a backbone that fits, or set head.{key}=null"
            )
    return hydra.utils.instantiate(config, **wanted)
