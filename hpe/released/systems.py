"""The systems whose weights their authors gave out: networks with their tensors."""

from collections.abc import Mapping

import hydra
from hydra.utils import get_object
from omegaconf import DictConfig
from torch import Tensor, nn

from hpe.assembly import build_networks
from hpe.backbones.backbone import Backbone
from hpe.config import config_folder
from hpe.errors import UserError
from hpe.heads.head import Head
from hpe.released.key_map import KeyMap
from hpe.released.load_report import LoadReport
from hpe.released.loading import fill


def load(system: str, state_dict: Mapping[str, Tensor]) -> tuple[nn.ModuleDict, LoadReport]:
    """`backbone` and `head` of a released system (pare, hmr, spin, mpqa) with published tensors, in evaluation mode.

    The report says what became of each tensor. Raises UserError where they are of another network.
    """
    with hydra.initialize_config_dir(str(config_folder() / "released"), version_base="1.3"):
        config = hydra.compose("reproduce", [f"model={system}"])
    (backbone, head), report = load_composed(config, state_dict)
    report.check(f"the state dict given for {system}")
    return _named(backbone, head).eval(), report


def load_composed(config: DictConfig, state_dict: Mapping[str, Tensor]) -> tuple[tuple[Backbone, Head], LoadReport]:
    """The networks of a composed `config`, with published tensors if the report says that they fit."""
    keys = _key_map(config.released.key_map)
    backbone, head = build_networks(config)
    return (backbone, head), fill(_named(backbone, head), keys, state_dict)


def _named(backbone: Backbone, head: Head) -> nn.ModuleDict:
    return nn.ModuleDict({"backbone": backbone, "head": head})


def _key_map(name: str) -> KeyMap:
    try:
        found = get_object(name)
    except (ImportError, ValueError):
        found = None
    if not isinstance(found, KeyMap):
        raise UserError(f"released.key_map: '{name}' is no map of names; compare conf/released/model/")
    return found
