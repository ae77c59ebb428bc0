"""From a checked config to objects: the networks, the data and the system, each by what its own part says."""

from typing import Any

from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.backbones.backbone import Backbone
from hpe.bodies.body import Body
from hpe.datasets.module import DataModule
from hpe.estimator import Estimator
from hpe.heads.head import Head, build_head


def build_networks(config: DictConfig) -> tuple[Backbone, Head]:
    """Backbone and head with fresh weights. Raises UserError where crop, backbone and head do not fit each other."""
    backbone = instantiate(config.backbone)
    return backbone, build_head(config.head, backbone.channels, backbone.feature_size(config.model.resolution))


def build_system(config: DictConfig, networks: tuple[Backbone, Head], body: Body) -> Estimator:
    """The system that `config` describes; one without `loss` predicts but cannot be trained."""
    model = config.model
    learning: dict[str, Any] = {}
    if config.get("loss"):
        learning = {"loss": instantiate(config.loss), "optimiser": instantiate(model.optimiser)}
        learning["schedule"] = instantiate(model.schedule)
    return Estimator(
        *networks, body, model.resolution, model.focal_length, channels_last=model.channels_last, **learning
    )


def build_data(config: DictConfig, backbone: Backbone) -> DataModule:
    """The data module, with pictures normalised as the backbone wants them.

    Raises UserError for a data set that is missing and cannot be made on the spot.
    """
    colour = backbone.preprocessing
    data = instantiate(config.data, mean=list(colour.mean), std=list(colour.std))
    for source in data.sources:
        for split in source.splits if source.generate is None else ():
            source.open(split)
    return data
