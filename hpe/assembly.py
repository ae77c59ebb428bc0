"""From a checked config to objects: the networks, the data and the system, each by what its own part says."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from hydra.utils import get_object, instantiate
from omegaconf import DictConfig, OmegaConf, open_dict

from hpe.backbones.backbone import Backbone
from hpe.bodies.body import Body
from hpe.config import config_folder
from hpe.datasets.module import DataModule
from hpe.datasets.schema import GENDERS
from hpe.datasets.store import Store
from hpe.estimator import Estimator
from hpe.heads.head import Head, build_head
from hpe.metrics.card import ProtocolCard
from hpe.scoring.card_rows import CardFault


def build_networks(config: DictConfig) -> tuple[Backbone, Head]:
    """Backbone and head with fresh weights. Raises UserError where crop, backbone and head do not fit each other."""
    backbone = instantiate(config.backbone)
    return backbone, build_head(config.head, backbone.channels, backbone.feature_size(config.model.resolution))


def build_system(
    config: DictConfig, networks: tuple[Backbone, Head], body: Body, gendered: Sequence[Body] = ()
) -> Estimator:
    """The system that `config` describes; one without `loss` predicts but cannot be trained."""
    model = config.model
    learning: dict[str, Any] = {}
    if config.get("loss"):
        learning = {"loss": instantiate(config.loss), "optimiser": instantiate(model.optimiser)}
        learning["schedule"] = instantiate(model.schedule)
    return Estimator(
        *networks,
        body,
        model.resolution,
        model.focal_length,
        channels_last=model.channels_last,
        gendered=gendered,
        **learning,
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


def build_card(config: DictConfig) -> ProtocolCard:
    """The protocol card in `config`, with the split that `config` itself names. Raises UserError for a wrong field."""
    fields = OmegaConf.to_container(config.protocol, resolve=True)
    assert isinstance(fields, dict)
    own = {"split": config.split} if "split" in config else {}
    return ProtocolCard.of({str(name): value for name, value in fields.items()} | own, "protocol")


def with_body(config: DictConfig, name: str | None) -> DictConfig:
    """The config with the body of predictions, unless one was chosen; of those without a body, the protocol's."""
    if config.get("body"):
        return config
    path = config_folder() / "body" / f"{name or config.protocol.gt_model}.yaml"
    with open_dict(config):
        config.body = OmegaConf.load(path if path.is_file() else path.with_name("smpl.yaml"))
    return config


def build_bodies(config: DictConfig, card: ProtocolCard, neutral: Body) -> Mapping[str, Body]:
    """The bodies that `card` needs, by gender. Raises UserError where there is no gendered one."""
    if card.gt_gender != "gendered":
        return {"neutral": neutral}
    if not _has_genders(config):
        raise CardFault(card, "gt_gender", f"body {neutral.name} has no genders; use body=smpl, or another protocol=")
    return {"neutral": neutral} | {gender: instantiate(config.body, gender=gender) for gender in GENDERS[1:]}


def bodies_of_labels(config: DictConfig, data: DataModule, bodies: Mapping[str, Body]) -> list[Body]:
    """Bodies in the order of `GENDERS` where training makes 3D joints of the bodies of men and women, else none.

    `bodies` are those that are there, the neutral one at least. Raises UserError where a body's file is missing.
    """
    loss = config.loss
    wanted = any(loss.weights[name] and term.get("bodies") for name, term in loss.terms.items())
    if not wanted or not _has_genders(config):
        return []
    stores = (source.open("train") for source in data.sources if "train" in source.splits and source.generate is None)
    if not any(map(_gendered, stores)):
        return []
    return [bodies[gender] if gender in bodies else instantiate(config.body, gender=gender) for gender in GENDERS]


def _has_genders(config: DictConfig) -> bool:
    return "gender" in inspect.signature(get_object(config.body._target_)).parameters


def _gendered(store: Store) -> bool:
    return "pose" in store and "gender" in store and bool(np.any(store["gender"]))
