"""A Weights & Biases run: how it starts, and what an evaluation puts into it. The one module that imports wandb."""

import contextlib
import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import wandb

from hpe.runs.records import Record

STAGING = "WANDB_DATA_DIR"
JOINT_ERROR = "joint_error/"
ENDS = ("low", "high")
KINDS: dict[str, type] = {"b": bool, "i": int, "f": float}
# How long a server may take to answer at the start, and to take what is left at the end.
START_SECONDS, END_SECONDS = 8.0, 30.0
# Reports of W&B's own errors to its server: for a silent one a process would wait ten seconds and more at its end.
REPORTING = "WANDB_ERROR_REPORTING"

_log = logging.getLogger(__name__)


def start(
    folder: Path, project: str, group: str | None, job_type: str | None, tags: Sequence[str], offline: bool
) -> wandb.Run:
    """The W&B run of the run in `folder`; one that is resumed goes on in the same place.

    Offline too where the server does not answer. Raises wandb.Error or OSError where W&B itself does not start.
    """
    os.environ.setdefault(REPORTING, "false")

    def init(mode: Literal["offline"] | None) -> wandb.Run:
        return wandb.init(
            project=project,
            name=folder.name,
            dir=folder,
            id=hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16],
            resume="allow",
            group=group,
            job_type=job_type,
            tags=tags,
            mode=mode,
            settings=wandb.Settings(silent=True, console="off", init_timeout=START_SECONDS, finish_timeout=END_SECONDS),
        )

    try:
        return init("offline" if offline else None)
    except wandb.errors.CommError as error:
        _log.warning("Weights & Biases does not answer (%s); this run is kept offline", first_line(error))
        wandb.teardown()  # its service would still hold the run's name
        return init("offline")


def first_line(error: Exception) -> str:
    """What an error says, without the rest."""
    return str(error).strip().partition("\n")[0]


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
