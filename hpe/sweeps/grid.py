"""The jobs of a sweep as Hydra composes them."""

from collections.abc import Sequence
from pathlib import Path

from hydra.types import HydraContext
from omegaconf import DictConfig, OmegaConf, open_dict


def compose(context: HydraContext, master: DictConfig, overrides: Sequence[str], number: int) -> DictConfig:
    """The whole configuration, Hydra's own included, of job `number` of the sweep that `master` configures."""
    config = context.config_loader.load_sweep_config(master, list(overrides))
    with open_dict(config.hydra.job):
        config.hydra.job.num = number
    return config


def run_of(config: DictConfig) -> Path:
    """The run folder of a job. A sweep's `subdir` may be absolute, and then it is the folder."""
    return Path(OmegaConf.select(config, "hydra.sweep.dir"), str(OmegaConf.select(config, "hydra.sweep.subdir")))


def in_folder(overrides: Sequence[str], run: Path) -> list[str]:
    """The overrides of a job whose run lies in a folder of its own choice."""
    quoted = str(run).replace("\\", "\\\\").replace("'", "\\'")
    return [*overrides, f"hydra.sweep.subdir='{quoted}'"]


def labels(grid: Sequence[Sequence[str]]) -> list[str]:
    """What tells the jobs apart: of each its overrides but those that all have, and Hydra's.

    >>> labels([["model=hmr", "seed=0"], ["model=hmr", "seed=1"]])
    ['seed=0', 'seed=1']
    """
    shared = set.intersection(*(set(overrides) for overrides in grid)) if len(grid) > 1 else set()
    return [
        " ".join(one for one in overrides if one not in shared and not one.startswith("hydra")) for overrides in grid
    ]
