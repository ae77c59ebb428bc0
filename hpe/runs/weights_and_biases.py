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

from hpe.runs.records import Record

HOSTS = ("api.wandb.ai", "wandb.ai")
STAGING = "WANDB_DATA_DIR"
JOINT_ERROR = "joint_error/"
ENDS = ("low", "high")
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


def log_evaluation(run: wandb.Run, record: Record, errors: pd.DataFrame) -> None:
    """An evaluation into a run: the record into config and summary, the errors as the table `SPLIT/errors`.

    The table has a row a person and all columns but those of single joints, which would take W&B minutes.
    """
    run.config.update(record.config, allow_val_change=True)
    run.summary.update({f"{record.split}/{name}": value for name, value in _numbers(record).items()})
    shown = errors.drop(columns=errors.filter(like=JOINT_ERROR))
    # Given the rows at once, W&B would infer the type of every cell: a minute for 35,000 people.
    kinds = [KINDS.get(dtype.kind, str) for dtype in shown.dtypes]
    table = wandb.Table(columns=list(map(str, shown)), data=[], dtype=kinds)
    table.data = shown.to_numpy(object).tolist()
    with _staged_in(Path(run.dir).parent):
        run.log({f"{record.split}/errors": table})


def _numbers(record: Record) -> dict[str, Any]:
    """What was measured, on how many, by which protocol, and where it comes from."""
    ends = {
        f"{name}_{end}": value for name, pair in record.intervals.items() for end, value in zip(ENDS, pair, strict=True)
    }
    undefined = {f"{name}_undefined": count for name, count in record.undefined.items()}
    origin = {name: getattr(record, name) for name in ("samples", "sequences", "commit", "checkpoint", "data_hash")}
    protocol = {"protocol": record.protocol.name, "protocol_hash": record.card_hash, "skipped": len(record.skipped)}
    return record.metrics | ends | undefined | origin | protocol


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
