"""Any network of timm as a backbone: its last feature map, whatever the network's family."""

import difflib
from collections.abc import Mapping
from typing import Any

import timm
from jaxtyping import Float
from timm.models import FeatureInfo
from torch import Tensor

from hpe.backbones.backbone import Backbone, preprocessing_of
from hpe.backbones.weights import check_weights, read_weights
from hpe.errors import UserError


class TimmBackbone(Backbone):
    """The last feature map of a timm model; tokens of a transformer are laid out as a map.

    `pretrained=True` fetches timm's weights; `weights` reads them from a local .safetensors or .pth file of the
    same model instead. `stage` counts feature maps from the end: -2 is the last but one, at half the stride; what
    comes after it is left out. `image_size` builds a model of fixed picture size (most transformers) for crops of
    that many pixels; leave it None for convolutional networks. `options` are further arguments of the model's own
    family, such as the `channels` of a ResNet's stages. Raises UserError for an unknown name, unreachable or unfitting
    weights, options that the family does not have, and a model without such a feature map.
    """

    def __init__(
        self,
        name: str,
        pretrained: bool = False,
        weights: str | None = None,
        stage: int = -1,
        image_size: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        size = {} if image_size is None else {"img_size": image_size}
        model = create_features(name, (stage,), pretrained, weights, **size, **(options or {}))
        maps: FeatureInfo = model.feature_info
        config = timm.get_pretrained_cfg(name)
        fixed = config.input_size[-1] if config and config.fixed_input_size else None
        super().__init__(
            name,
            channels=maps.channels()[-1],
            stride=maps.reduction()[-1],
            preprocessing=preprocessing_of(name),
            resolution=image_size or fixed,
        )
        self.model = model
        self.channels_last = str(getattr(model, "output_fmt", "NCHW")).endswith("NHWC")

    def forward(
        self, image: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch channels feature_height feature_width"]:
        """Features of normalised RGB crops."""
        features = self.model(image)[-1]
        return features.permute(0, 3, 1, 2) if self.channels_last else features


def create_features(name: str, maps: tuple[int, ...], pretrained: bool, weights: str | None, **options: Any) -> Any:
    """timm's model `name` as an extractor of feature `maps`, with random weights, timm's own or those of a file.

    Raises UserError as `TimmBackbone` says.
    """
    if not timm.is_model(name):
        raise UserError(f"timm has no model '{name}'; {_suggest(name)}")
    if weights is not None:
        state = read_weights(weights)
        check_weights(state, timm.create_model(name, num_classes=0, **options).state_dict(), weights)
        pretrained, options = True, {**options, "pretrained_cfg_overlay": {"state_dict": state}}
    try:
        return timm.create_model(name, pretrained=pretrained, features_only=True, out_indices=maps, **options)
    except OSError as error:
        raise UserError(
            f"cannot fetch pretrained weights of '{name}' ({str(error).splitlines()[0]}): download them where there "
            "is a network and set backbone.pretrained=false backbone.weights=FILE (.safetensors or .pth)"
        ) from error
    except (RuntimeError, TypeError, AttributeError, IndexError) as error:
        raise UserError(f"timm cannot build '{name}' as a backbone: {str(error).splitlines()[0]}") from error


def _suggest(name: str) -> str:
    """The nearest names only: timm has more than a thousand."""
    near = difflib.get_close_matches(name, timm.list_models(), n=3)
    return f"did you mean {', '.join(map(repr, near))}?" if near else "timm.list_models() has them all"
