"""Weights & Biases when it is there: offline without a key, and never a reason for a run to fail."""

import contextlib
import hashlib
import logging
import netrc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import wandb
from lightning.pytorch.loggers import Logger, WandbLogger
from lightning.pytorch.utilities import rank_zero_only

HOSTS = ("api.wandb.ai", "wandb.ai")
STAGING = "WANDB_DATA_DIR"
KINDS: dict[str, type] = {"b": bool, "i": int, "f": float}

_log = logging.getLogger(__name__)


def wandb_logger(folder: str, project: str) -> Logger | None:
    """Logger of the run in `folder`; a run that is resumed goes on in the same place.

    None if W&B cannot start, and in all processes but the first.
    """
    if getattr(rank_zero_only, "rank", 0) != 0:
        return None
    kept_local = "WANDB_MODE" not in os.environ and not has_key()
    try:
        run = wandb.init(
            project=project,
            name=Path(folder).name,
            dir=folder,
            id=hashlib.sha256(str(Path(folder).resolve()).encode()).hexdigest()[:16],
            resume="allow",
            mode="offline" if kept_local else None,
            settings=wandb.Settings(silent=True, console="off"),
        )
    except (wandb.Error, OSError) as error:
        reason = str(error).strip().partition("\n")[0]
        _log.warning("Weights & Biases did not start (%s); going on without it", reason)
        return None
    return WandbLogger(experiment=run)


def has_key() -> bool:
    """Whether there is a key in the environment or in the user's netrc file."""
    if os.environ.get("WANDB_API_KEY"):
        return True
    try:
        known = netrc.netrc(os.environ.get("NETRC")).hosts
    except (FileNotFoundError, netrc.NetrcParseError):
        return False
    return any(host in known for host in HOSTS)


def log_errors(run: wandb.Run, split: str, numbers: dict[str, Any], errors: pd.DataFrame) -> None:
    """Numbers of an evaluation into the run's summary, and its errors, a row a person, as the table `SPLIT/errors`."""
    run.summary.update({f"{split}/{name}": value for name, value in numbers.items()})
    # Given the rows at once, W&B would infer the type of every cell: a minute for 35,000 people.
    kinds = [KINDS.get(dtype.kind, str) for dtype in errors.dtypes]
    table = wandb.Table(columns=list(map(str, errors)), data=[], dtype=kinds)
    table.data = errors.to_numpy(object).tolist()
    with _staged_in(Path(run.dir).parent):
        run.log({f"{split}/errors": table})


@contextlib.contextmanager
def _staged_in(folder: Path) -> Iterator[None]:
    """Have W&B keep what waits to be synced in `folder`, not in the user's home, unless the user chose a place."""
    chosen = STAGING in os.environ
    os.environ.setdefault(STAGING, str(folder))
    try:
        yield
    finally:
        if not chosen:
            del os.environ[STAGING]
