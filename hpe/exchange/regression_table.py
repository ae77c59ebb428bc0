"""The table that 4D-Humans' evaluation appends to, `eval_regression.csv`: means over data sets, not predictions."""

from pathlib import Path

import pandas as pd

from hpe.errors import UserError

NEEDED = ("exp_name", "dataset", "metric_name", "metric_value", "error")
METRICS = {"mode_re": ("PA-MPJPE", "mm"), "mode_mpjpe": ("MPJPE", "mm")}


def read_regression_table(path: Path) -> pd.DataFrame:
    """One row a number: method, test_dataset, metric, value, unit, as in `benchmarks/published.csv`.

    A metric that is not of lengths keeps its name and has no unit. Raises UserError for another file, and for a row
    that the evaluation itself marked as failed.
    """
    try:
        rows = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as a table ({error})") from error
    if missing := [name for name in NEEDED if name not in rows]:
        raise UserError(f"{path} has no column '{missing[0]}': not the eval_regression.csv of 4D-Humans")
    if (failed := rows["error"].notna()).any():
        row = int(failed.to_numpy().argmax())
        raise UserError(f"{path}, row {row + 1}: that evaluation failed ({rows['error'][row]}); remove it")
    known = [METRICS.get(name, (name, "")) for name in rows["metric_name"]]
    metrics, units = zip(*known, strict=True) if known else ((), ())
    kept = rows[["exp_name", "dataset", "metric_value"]].set_axis(["method", "test_dataset", "value"], axis=1)
    return kept.assign(metric=list(metrics), unit=list(units))
