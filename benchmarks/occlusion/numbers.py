"""What is said of a trial: curves by kind, position and size, their areas, and what tells two systems apart."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from benchmarks.occlusion.bins import Bins, area_values, curve
from benchmarks.occlusion.measured import NOWHERE
from benchmarks.occlusion.trial import NONE
from hpe.metrics.bootstrap import Interval, cluster_interval
from hpe.metrics.comparison import paired

ALL = "all occluders"
AREA, BIN, SIZE, CLEAR, LESS = "area", "bin", "size", "nothing hidden", "difference of areas"
TRUNCATION = "truncation"  # whose size means something else
RESAMPLES = 1999


@dataclass(frozen=True)
class Said:
    """One number: a mean error in mm or an area or a difference of areas, with its 95 % interval over sequences.

    `low_edge` to `high_edge` is the bin, the range of the area, or twice the size. `rows` pictures of `people` in
    `sequences` took part. NaN is undefined, as of an empty bin.
    """

    table: str
    group: str
    model: str
    metric: str
    low_edge: float
    high_edge: float
    mean: float
    low: float
    high: float
    rows: int
    people: int
    sequences: int
    tie: bool = False


def numbers(errors: pd.DataFrame, metrics: tuple[str, ...], bins: Bins) -> pd.DataFrame:
    """All numbers of a trial, as `Said` has them, a row each."""
    return pd.DataFrame([asdict(one) for metric in metrics for one in _of_metric(errors, metric, bins)])


def groups(errors: pd.DataFrame) -> dict[str, pd.Series]:
    """Which rows belong to all occluders, to each kind, and to each region that can be hidden most."""
    hidden = errors["kind"] != NONE
    kinds = {kind: errors["kind"] == kind for kind in errors["kind"].unique() if kind != NONE}
    places = sorted(set(errors["position"]) - {NOWHERE})
    return {ALL: hidden} | kinds | {f"on the {place}": hidden & (errors["position"] == place) for place in places}


def _of_metric(errors: pd.DataFrame, metric: str, bins: Bins) -> Iterator[Said]:
    models = list(errors["model"].unique())
    for model in models:
        own = errors[errors["model"] == model]
        clear = own[own["kind"] == NONE]
        yield _said(CLEAR, ALL, model, metric, (0, 0), clear, _mean(clear, metric))
        for kind, size in own.loc[own["kind"] != NONE, ["kind", "size"]].drop_duplicates().itertuples(index=False):
            some = own[(own["kind"] == kind) & (own["size"] == size)]
            yield _said(SIZE, kind, model, metric, (size, size), some, _mean(some, metric))
        for size in sorted(set(own.loc[own["kind"] != NONE, "size"])):
            some = own[(own["size"] == size) & ~own["kind"].isin((NONE, TRUNCATION))]
            yield _said(SIZE, ALL, model, metric, (size, size), some, _mean(some, metric))
        for group, mask in groups(own).items():
            yield from _curve(own[mask], group, model, metric, bins)
    for model in models[1:]:
        yield from _differences(errors, models[0], model, metric, bins)


def _curve(some: pd.DataFrame, group: str, model: str, metric: str, bins: Bins) -> Iterator[Said]:
    values, shares = some[metric].to_numpy(float), some["occlusion"].to_numpy(float)
    found = curve(values, shares, some["sequence"].to_numpy(str), bins, RESAMPLES)
    places = bins.of(shares)
    yield _said(AREA, group, model, metric, (0, bins.to), some[shares < bins.to], found.area)
    for place, (span, interval) in enumerate(zip(bins.spans, found.bins, strict=True)):
        yield _said(BIN, group, model, metric, span, some[places == place], interval)


def _differences(errors: pd.DataFrame, first: str, other: str, metric: str, bins: Bins) -> Iterator[Said]:
    """The areas of a system less those of the first one, on the same people behind the same layers."""
    one, two = (errors[errors["model"] == name] for name in (first, other))
    for group, mask in groups(two).items():
        some, clusters = two[mask], two.loc[mask, "sequence"].to_numpy(str)
        kept = (one[mask.to_numpy()], some)
        values = [
            area_values(part[metric].to_numpy(float), part["occlusion"].to_numpy(float), clusters, bins)
            for part in kept
        ]
        found = paired(values[1], values[0], clusters, resamples=RESAMPLES)
        interval = Interval(found.difference, found.low, found.high, found.samples, found.clusters)
        inside = some[some["occlusion"] < bins.to]
        yield _said(LESS, group, f"{other} less {first}", metric, (0, bins.to), inside, interval, found.tie)


def _mean(some: pd.DataFrame, metric: str) -> Interval:
    return cluster_interval(some[metric].to_numpy(float), some["sequence"].to_numpy(str), resamples=RESAMPLES)


def _said(
    table: str,
    group: str,
    model: str,
    metric: str,
    span: tuple[float, float],
    some: pd.DataFrame,
    found: Interval,
    tie: bool = False,
) -> Said:
    known = some[np.isfinite(some[metric])]
    counts = (found.samples, known["row"].nunique() if found.samples else 0, found.clusters)
    return Said(table, group, model, metric, *span, found.mean, found.low, found.high, *counts, tie)
