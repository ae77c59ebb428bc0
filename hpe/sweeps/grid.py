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
