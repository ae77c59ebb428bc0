"""From errors a person to numbers a data set: means by the card's reduction, with intervals over sequences."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from hpe.metrics.bootstrap import Reduction, cluster_totals, studentise
from hpe.metrics.card import ProtocolCard
from hpe.runs.records import METRICS

LEVEL, RESAMPLES, SEED = 0.95, 10_000, 0
SPLITS = ("mpjpe_visible", "mpjpe_occluded")
# Means over joints: under `micro` a person weighs as much as the joints that are labelled.
OVER_JOINTS = ("mpjpe", "pa_mpjpe", "n_mpjpe")


@dataclass(frozen=True)
class Summary:
    """Means in the printed unit, NaN where nobody has the metric; ends of their 95 % intervals; how many lack each."""

    metrics: dict[str, float]
    intervals: dict[str, list[float]]
    undefined: dict[str, int]
    samples: int
    sequences: int


def summarise(errors: pd.DataFrame, card: ProtocolCard) -> Summary:
    """The summary of what `score` returned under `card`; the metrics of `records.METRICS` are always in it."""
    names = [*METRICS, *(name for name in card.metrics if name not in METRICS), *SPLITS]
    columns = {name: errors.get(name, pd.Series(np.nan, errors.index)).to_numpy(float) for name in names}
    totals = {name: _totals(values, errors, card, name) for name, values in columns.items()}
    return Summary(
        metrics={
            name: float(sums.sum() / sizes.sum()) if len(sums) else np.nan for name, (sums, sizes) in totals.items()
        },
        intervals={name: _interval(*pair) for name, pair in totals.items()},
        undefined={name: int((~np.isfinite(values)).sum()) for name, values in columns.items()},
        samples=len(errors),
        sequences=errors["sequence"].nunique(),
    )


def _totals(
    values: Float[np.ndarray, " people"], errors: pd.DataFrame, card: ProtocolCard, name: str
) -> tuple[Float[np.ndarray, " sequences"], Float[np.ndarray, " sequences"]]:
    """Sum and weight of each sequence; the mean is the ratio of their totals."""
    sequences = errors["sequence"].to_numpy(str)
    reduction: Reduction = "sequence" if card.reduction == "sequence" else "frame"
    if card.missing == "macro" or name not in OVER_JOINTS:
        return cluster_totals(values, sequences, reduction)
    weights = np.where(np.isfinite(values), errors["joints"], np.nan)
    sums, sizes = (cluster_totals(part, sequences)[0] for part in (weights * values, weights))
    return (sums / sizes, np.ones_like(sizes)) if reduction == "sequence" else (sums, sizes)


def _interval(sums: Float[np.ndarray, " sequences"], sizes: Float[np.ndarray, " sequences"]) -> list[float]:
    if len(sums) < 2:
        return [np.nan, np.nan]
    return [float(end[0]) for end in studentise(sums[:, None], sizes[:, None], RESAMPLES, SEED).bounds(LEVEL)]
