"""The systems that are looked at, each out of its checkpoint."""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import build_data, build_networks, build_system
from hpe.config import checked
from hpe.datasets.module import DataModule
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.files.hashes import file_hash
from hpe.runs.checkpoints import Checkpoint
from hpe.runs.evaluation import device
from hpe.runs.folders import BEST, newest_checkpoint
from hpe.runs.inference import ready


@dataclass(frozen=True)
class Model:
    """A system with its weights: the `name` that it is printed by, the checkpoint `path` and its SHA-256 `hash`.

    `seed` is that of its training; `data` cuts crops as the system takes them.
    """

    name: str
    seed: int
    path: Path
    hash: str
    config: DictConfig
    system: Estimator
    data: DataModule

    @classmethod
    def read(cls, path: Path, chosen: DictConfig, schema: type) -> "Model":
        """The system of a checkpoint, but for the parts that are `chosen`; raises UserError where it cannot be had."""
        checkpoint = Checkpoint.read(path)
        config = checked(checkpoint.parts(copy.deepcopy(chosen)), schema)
        networks = build_networks(config)
        data = build_data(config, networks[0])
        system = build_system(config, networks, instantiate(config.body))
        checkpoint.load_into(system)
        seed = checkpoint.config.seed
        return cls(config.model.name, seed, path, file_hash(path), config, ready(system.to(device())), data)


def checkpoints(config: DictConfig) -> list[Path]:
    """What `checkpoint` names, one or a list; where it is null the newest best one, of the chosen model if any.

    Raises UserError where there is none: a network that was never trained has nothing to say about occlusion.
    """
    if config.checkpoint:
        given = [config.checkpoint] if isinstance(config.checkpoint, str) else config.checkpoint
        return [Path(str(path)) for path in given]
    outputs = Path(config.paths.outputs)
    if not config.get("model"):
        return [newest_checkpoint(outputs)]
    found = sorted(outputs.rglob(str(BEST)), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found:
        if Checkpoint.read(path).config.model.name == config.model.name:
            return [path]
    raise UserError(
        f"no checkpoint of model {config.model.name} under {outputs.resolve()}: run python -m hpe.train "
        f"model={config.model.name} first, or give checkpoint=FILE"
    )


def told_apart(models: Sequence[Model]) -> list[Model]:
    """The models with names that differ: those of one system by seed, by the folder of their run, or by number."""
    for words in (_seed, _run):
        shared = Counter(model.name for model in models)
        longer = [f"{one.name} {words(one)}" if shared[one.name] > 1 else one.name for one in models]
        if len(set(longer)) == len(models):
            return [replace(model, name=name) for model, name in zip(models, longer, strict=True)]
    return [replace(model, name=f"{model.name} #{place}") for place, model in enumerate(models, start=1)]


def _seed(model: Model) -> str:
    return f"seed {model.seed}"


def _run(model: Model) -> str:
    """The run's folder, or the file where it lies by itself."""
    return model.path.parents[1].name if model.path.parent.name == BEST.parent.name else model.path.stem
