"""Weights & Biases when it is there: offline without a key, and never a reason for a run to fail."""

import hashlib
import logging
import netrc
import os
from pathlib import Path
from typing import Any

import wandb
from lightning.pytorch.loggers import Logger, WandbLogger

HOSTS = ("api.wandb.ai", "wandb.ai")

_log = logging.getLogger(__name__)


def wandb_logger(folder: str, project: str) -> Logger | None:
    """Logger of the run in `folder`; a run that is resumed goes on in the same place. None if W&B cannot start."""
    offline = os.environ.get("WANDB_MODE", "") in ("", "offline") and not has_key()
    identity = hashlib.sha256(str(Path(folder).resolve()).encode()).hexdigest()[:16]
    wandb.setup(wandb.Settings(silent=True))  # before Lightning asks for options that W&B comments on
    settings: dict[str, Any] = {"resume": "allow", "settings": wandb.Settings(silent=True, console="off")}
    logger = WandbLogger(
        name=Path(folder).name, save_dir=folder, project=project, id=identity, offline=offline, **settings
    )
    try:
        _ = logger.experiment
    except (wandb.Error, OSError) as error:
        reason = str(error).strip().partition("\n")[0]
        _log.warning("Weights & Biases did not start (%s); going on without it", reason)
        return None
    return logger


def has_key() -> bool:
    """Whether there is a key in the environment or in the user's netrc file."""
    if os.environ.get("WANDB_API_KEY"):
        return True
    try:
        known = netrc.netrc(os.environ.get("NETRC")).hosts
    except (FileNotFoundError, netrc.NetrcParseError):
        return False
    return any(host in known for host in HOSTS)
