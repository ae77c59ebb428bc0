"""Checkpoints: the best and the last of a run, read without executing anything, compared tensor by tensor."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import lightning
import torch
from lightning.pytorch.callbacks import ModelCheckpoint
from omegaconf import DictConfig, OmegaConf, open_dict
from torch import Tensor, nn

from hpe.errors import UserError
from hpe.estimator import OBJECTIVE
from hpe.files.torch_file import BROKEN, refusal, unremarked
from hpe.runs.folders import BEST, LAST
from hpe.runs.whole_checkpoints import WholeCheckpoints
from hpe.types import HeadOutput

CONFIG_KEY = "hpe_config"
PERSON_KEY = "hpe_mean_person"
NEEDED = (CONFIG_KEY, PERSON_KEY, "state_dict")
PARTS = ("model", "backbone", "head", "body")
UNTRAINED = {"pretrained": False, "weights": None}
SHOWN = 5


class KeepState(lightning.Callback):
    """Puts into every checkpoint what an evaluation needs: the resolved config, the training set's mean person."""

    def __init__(self, config: DictConfig, person: HeadOutput) -> None:
        self.state = {CONFIG_KEY: OmegaConf.to_container(config, resolve=True), PERSON_KEY: asdict(person)}

    def on_save_checkpoint(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Called by Lightning."""
        checkpoint |= self.state


def keep_weights(path: Path, config: DictConfig, person: HeadOutput, system: nn.Module) -> Path:
    """Write the checkpoint of a system that no run of ours has trained, for all that reads ours; returns `path`."""
    WholeCheckpoints().save_checkpoint({"state_dict": system.state_dict()} | KeepState(config, person).state, path)
    return path


@dataclass(frozen=True)
class Checkpoint:
    """What a run keeps: its config, its weights by name, and the mean person of its training set."""

    path: Path
    config: DictConfig
    weights: dict[str, Tensor]
    person: HeadOutput

    @classmethod
    def read(cls, path: Path) -> "Checkpoint":
        """A checkpoint of this suite, on the CPU. Raises UserError where the file is missing or is no such thing."""
        stored = _read(path)
        if lacking := [key for key in NEEDED if not isinstance(stored, dict) or key not in stored]:
            raise UserError(
                f"{path} is not a checkpoint of hpe: it lacks '{lacking[0]}'; weights that others published are for "
                "python -m hpe.reproduce"
            )
        person = HeadOutput(**stored[PERSON_KEY])
        return cls(path, DictConfig(stored[CONFIG_KEY]), stored["state_dict"], person)

    def parts(self, chosen: DictConfig) -> DictConfig:
        """`chosen` with what it does not choose itself taken from here: model, backbone, head, body."""
        own = {name: self.config[name] for name in PARTS if not chosen.get(name)}
        if "backbone" in own:
            # The weights that a training began with, and maybe their file, are not there any more, nor wanted.
            begun = {key: value for key, value in UNTRAINED.items() if key in own["backbone"]}
            own["backbone"] = OmegaConf.merge(own["backbone"], begun)
        with open_dict(chosen):
            return cast(DictConfig, OmegaConf.merge(chosen, own))

    def load_into(self, module: nn.Module) -> None:
        """Put the weights into `module`.

        Raises UserError listing missing, unexpected and misshaped tensors where they are another architecture's.
        """
        own, stored = module.state_dict(), self.weights
        misshaped = [
            f"{name} {list(stored[name].shape)} for {list(own[name].shape)}"
            for name in own.keys() & stored.keys()
            if stored[name].shape != own[name].shape
        ]
        faults = {
            "missing": own.keys() - stored.keys(),
            "unexpected": stored.keys() - own.keys(),
            "misshaped": misshaped,
        }
        if any(faults.values()):
            lists = "; ".join(f"{len(names)} {fault}{_some(sorted(names))}" for fault, names in faults.items())
            raise UserError(
                f"{self.path} is of another architecture: {lists}; choose the model, backbone and head that it was "
                "trained with"
            )
        module.load_state_dict(stored)


def keepers(run: Path) -> list[ModelCheckpoint]:
    """Callbacks that keep `best.ckpt` by validation MPJPE, then `last.ckpt` each epoch, which knows of the best."""
    shared: dict[str, Any] = {
        "dirpath": run / BEST.parent,
        "enable_version_counter": False,
        "save_on_train_epoch_end": True,
    }
    best = ModelCheckpoint(filename=BEST.stem, monitor=OBJECTIVE, mode="min", **shared)
    return [best, ModelCheckpoint(filename=LAST.stem, monitor=None, **shared)]


def _read(path: Path) -> Any:
    try:
        with unremarked():
            return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise UserError(f"no checkpoint {path}; a run keeps its own in its folder {BEST.parent}/") from None
    except BROKEN as error:
        raise UserError(f"{path} cannot be read as a checkpoint ({refusal(error)}); is the file whole?") from error


def _some(names: list[str]) -> str:
    if not names:
        return ""
    return f" ({', '.join(names[:SHOWN])}{', ...' if len(names) > SHOWN else ''})"
