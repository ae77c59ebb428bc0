"""`dry_run=true` of a single run: what it would do, and for how long."""

import shutil
from pathlib import Path
from typing import Any, cast

from omegaconf import DictConfig, OmegaConf

from hpe.runs.provenance import hardware
from hpe.sweeps.announcement import forecast_lines

# What Hydra writes into a run folder before it calls a door.
HYDRAS = {".hydra", "train.log"}


def preview(config: DictConfig) -> None:
    """Print the resolved configuration and the forecast; the run folder goes if there is nothing else in it."""
    run = Path(config.paths.run)
    print(OmegaConf.to_yaml(config, resolve=True), end="")
    plain = cast(dict[str, Any], OmegaConf.to_container(config, resolve=True))
    for line in forecast_lines([plain], [run], Path(config.paths.outputs), hardware(), at_once=1):
        print(line)
    if run.is_dir() and {path.name for path in run.iterdir()} <= HYDRAS:
        shutil.rmtree(run)
