"""From errors a person to numbers a data set: means by the card's reduction, with intervals over sequences."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from hpe.metrics.bootstrap import Interval, Reduction, cluster_interval
from hpe.metrics.card import ProtocolCard

METRICS = {"mpjpe": "MPJPE", "pa_mpjpe": "PA-MPJPE", "pve": "PVE"}
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
    """The summary of what `score` returned under `card`; the metrics of `METRICS` are always in it."""
    names = [*METRICS, *(name for name in card.metrics if name not in METRICS), *SPLITS]
    columns = {name: errors.get(name, pd.Series(np.nan, errors.index)).to_numpy(float) for name in names}
    found = {name: _mean(values, errors, card, name) for name, values in columns.items()}
    return Summary(
        metrics={name: one.mean for name, one in found.items()},
        intervals={name: [one.low, one.high] for name, one in found.items()},
        undefined={name: one.undefined for name, one in found.items()},
        samples=len(errors),
        sequences=errors["sequence"].nunique(),
    )


def _mean(values: Float[np.ndarray, " people"], errors: pd.DataFrame, card: ProtocolCard, name: str) -> Interval:
    weights = errors["joints"].to_numpy(float) if card.missing == "micro" and name in OVER_JOINTS else None
    reduction: Reduction = "sequence" if card.reduction == "sequence" else "frame"
    return cluster_interval(values, errors["sequence"].to_numpy(str), weights=weights, reduction=reduction)
