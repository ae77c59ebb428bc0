"""All errors of all runs in one table: `hpe.runs.load("outputs/**")`."""

import glob
from pathlib import Path
from typing import Any

import pandas as pd

from hpe.errors import UserError
from hpe.metrics.comparison import PERSON
from hpe.runs.records import FILE_NAME, MEND, Record

ERRORS = "errors.parquet"


def load(pattern: str) -> pd.DataFrame:
    """One row a run and person, over all runs whose folder matches the glob `pattern`; `**` is any depth.

    Columns that are the run's: run (its folder), model, data, split, protocol (the card's name), protocol_hash, seed,
    commit, checkpoint, data_hash. The person's: sample (row in the data store), sequence, frame, person, occlusion
    (the share of labelled joints that are hidden; NaN where that is not known). Then a column a metric, in its unit
    (millimetres of `mpjpe`), and `joint_error/<joint>` in millimetres; NaN where a person or a run has no such number.
    Numbers of different `protocol_hash` are different quantities: group by it. Raises UserError, naming the file,
    where no run matches or one cannot be read.
    """
    folders = [Path(path) for path in sorted(glob.glob(pattern, recursive=True)) if (Path(path) / FILE_NAME).is_file()]
    if not folders:
        raise UserError(f"no run matches {pattern}: give the folders that hold a {FILE_NAME}, such as outputs/**")
    return pd.concat([_errors(folder).assign(**_run(folder)) for folder in folders], ignore_index=True)


def _run(folder: Path) -> dict[str, Any]:
    """What a run says of all its people."""
    record = Record.read(folder / FILE_NAME)
    own = {name: getattr(record, name) for name in ("model", "data", "split", "seed")}
    hashes = {"protocol_hash": record.card_hash, "commit": record.commit, "checkpoint": record.checkpoint}
    return {"run": str(folder), **own, "protocol": record.protocol.name, **hashes, "data_hash": record.data_hash}


def _errors(folder: Path) -> pd.DataFrame:
    path = folder / ERRORS
    try:
        errors = pd.read_parquet(path)
    except FileNotFoundError:
        raise UserError(f"{folder} has a record but no {ERRORS}; {MEND}") from None
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{path} cannot be read as parquet ({reason}); {MEND}") from error
    if lacking := [name for name in PERSON if name not in errors]:
        raise UserError(f"{path}: column '{lacking[0]}' is missing; {MEND}")
    return errors
