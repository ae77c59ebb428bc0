"""Two systems on the same people, and one system over its seeds: is a difference more than chance?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Shaped

from hpe.errors import UserError
from hpe.metrics.bootstrap import Reduction, cluster_totals, studentise

PERSON = ["sequence", "frame", "person"]


@dataclass(frozen=True)
class Comparison:
    """The first system's mean error less the second's, in the unit of the errors, over people whom both have.

    `p_value` is two-sided and NaN where the interval is. `tie` says that nothing tells the two apart: the interval
    holds 0, or is undefined.
    """

    difference: float
    low: float
    high: float
    p_value: float
    tie: bool
    samples: int
    clusters: int
    undefined: int


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (n - 1) of one number over training seeds; NaN where a single run has none."""

    mean: float
    deviation: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Over one value a run."""
        return cls(float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else np.nan, len(values))


def paired(
    first: Float[np.ndarray, " people"],
    second: Float[np.ndarray, " people"],
    clusters: Shaped[np.ndarray, " people"],
    *,
    reduction: Reduction = "frame",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> Comparison:
    """Compare the errors of two systems, row by row of the same person in the sequences `clusters`.

    The cluster bootstrap of the differences gives interval and p-value alike, so that they never disagree.
    """
    apart = first - second
    sums, sizes = cluster_totals(apart, clusters, reduction)
    found = studentise(sums[:, None], sizes[:, None], resamples, seed)
    low, high = (end.item() for end in found.bounds(level))
    known = int(np.isfinite(apart).sum())
    return Comparison(
        difference=found.mean.item(),
        low=low,
        high=high,
        p_value=found.p_value().item(),
        tie=not (low > 0 or high < 0),
        samples=known,
        clusters=len(sums),
        undefined=len(apart) - known,
    )


def compare(
    first: pd.DataFrame, second: pd.DataFrame, metric: str, reduction: Reduction = "frame", seed: int = 0
) -> Comparison:
    """Compare two tables of errors, one row a person, by the column `metric`; people are matched by their names.

    Raises UserError where the tables are not of the same people, name one twice, or lack a column.
    """
    pairs = matched(first, second, metric)
    one, other = (pairs[f"{metric}_{which}"].to_numpy(float) for which in ("first", "second"))
    return paired(one, other, pairs["sequence"].to_numpy(str), reduction=reduction, seed=seed)


def matched(first: pd.DataFrame, second: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row a person with `metric` of both tables: columns sequence, frame, person, METRIC_first, METRIC_second.

    Raises UserError as `compare` does.
    """
    tables = {"first": first, "second": second}
    for which, table in tables.items():
        if lacking := [name for name in (*PERSON, metric) if name not in table]:
            raise UserError(f"the {which} errors have no column '{lacking[0]}'; columns: {', '.join(table.columns)}")
        if (twice := table.duplicated(PERSON)).any():
            raise UserError(f"the {which} errors hold {_name(table[twice])} twice; compare one run with one run")
    sides = [table[[*PERSON, metric]].rename(columns={metric: f"{metric}_{which}"}) for which, table in tables.items()]
    pairs = sides[0].merge(sides[1], on=PERSON, how="outer", indicator="found")
    if (alone := pairs["found"] != "both").any():
        raise UserError(
            f"{alone.sum()} people are in one of the two errors only, such as {_name(pairs[alone])}; "
            "compare systems on the same split of the same data"
        )
    return pairs.drop(columns="found")


def _name(people: pd.DataFrame) -> str:
    """The first person, in words."""
    sequence, frame, person = people.iloc[0][PERSON]
    return f"person {person} of sequence {sequence}, frame {frame}"
