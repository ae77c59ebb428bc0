"""Weights & Biases when it is there: offline without a key, and never a reason for a run to fail."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from lightning.pytorch.loggers import Logger, WandbLogger
from lightning.pytorch.utilities import rank_zero_only

from hpe.runs.wandb_key import has_key

# The parts whose choices are tags.
TAGGED = ("experiment", "model", "data", "backbone", "head")

_log = logging.getLogger(__name__)


def wandb_logger(folder: str, project: str, group: str | None = None, tags: Sequence[str] = ()) -> Logger | None:
    """Logger of the run in `folder`; a run that is resumed goes on in the same place.

    Runs of a sweep share its folder's name as their group, unless another `group` is given; `tags` come on top of the
    names of model, data, backbone and head. None if W&B is not installed or cannot start, and in all processes but the
    first.
    """
    if getattr(rank_zero_only, "rank", 0) != 0:
        return None
    try:
        import wandb

        from hpe.runs.wandb_run import start
    except ImportError:
        _log.warning("Weights & Biases is not installed; going on without it (logger=csv does not ask for it)")
        return None
    own = place()
    try:
        offline = "WANDB_MODE" not in os.environ and not has_key()
        run = start(Path(folder), project, group or own["group"], own["job_type"], [*own["tags"], *tags], offline)
    except (wandb.Error, OSError) as error:
        reason = str(error).strip().partition("\n")[0]
        _log.warning("Weights & Biases did not start (%s); going on without it", reason)
        return None
    return WandbLogger(experiment=run)


def place() -> dict[str, Any]:
    """Where the Hydra job in hand stands among others: the sweep's name, the command's, and the chosen parts."""
    if not HydraConfig.initialized():
        return {"group": None, "job_type": None, "tags": []}
    state = HydraConfig.get()
    return {
        "group": Path(state.sweep.dir).name if state.mode == RunMode.MULTIRUN else None,
        "job_type": state.job.name,
        "tags": [state.runtime.choices[part] for part in TAGGED if state.runtime.choices.get(part)],
    }
