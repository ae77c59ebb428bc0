"""Mean errors over bins of occlusion, and the area under that curve with its interval."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from hpe.errors import UserError
from hpe.metrics.bootstrap import Interval, cluster_interval

OUTSIDE = -1


@dataclass(frozen=True)
class Bins:
    """Bins between `edges` (shares, increasing), the last with its upper edge; the area runs to the edge `to`.

    A bin with fewer than `fewest` sequences has no part in an area: areas that need it are undefined. Raises UserError
    for edges that do not increase from 0 on, and an end that is none of them.
    """

    edges: tuple[float, ...]
    to: float
    fewest: int

    def __post_init__(self) -> None:
        if len(self.edges) < 2 or self.edges[0] != 0 or (np.diff(self.edges) <= 0).any() or self.edges[-1] > 1:
            raise UserError(f"edges={list(self.edges)}: bins of occlusion begin at 0, increase and end at 1 or before")
        if self.to not in self.edges[1:]:
            raise UserError(f"area_to={self.to:g}: the area ends at an edge of a bin: {self.edges[1:]}")

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Lower and upper edge of each bin."""
        return list(zip(self.edges[:-1], self.edges[1:], strict=True))

    def of(self, shares: Float[np.ndarray, " rows"]) -> Int[np.ndarray, " rows"]:
        """The bin of each share, OUTSIDE where there is none."""
        place = np.searchsorted(self.edges, shares, side="right") - 1
        place = np.where(shares == self.edges[-1], len(self.edges) - 2, place)
        return np.where(np.isfinite(shares) & (place < len(self.edges) - 1), place, OUTSIDE)


@dataclass(frozen=True)
class Curve:
    """The mean of each bin (NaN where it is empty), and the area: the mean over bins, each as heavy as it is wide."""

    bins: tuple[Interval, ...]
    area: Interval


def curve(
    errors: Float[np.ndarray, " rows"],
    shares: Float[np.ndarray, " rows"],
    clusters: Shaped[np.ndarray, " rows"],
    bins: Bins,
    resamples: int = 10_000,
) -> Curve:
    """The curve of errors (mm) against hidden shares; intervals are by cluster bootstrap over sequences."""
    places = bins.of(shares)
    found = [
        cluster_interval(errors[places == one], clusters[places == one], resamples=resamples)
        for one in range(len(bins.spans))
    ]
    area = cluster_interval(area_values(errors, shares, clusters, bins), clusters, resamples=resamples)
    return Curve(tuple(found), area)


def area_values(
    errors: Float[np.ndarray, " rows"],
    shares: Float[np.ndarray, " rows"],
    clusters: Shaped[np.ndarray, " rows"],
    bins: Bins,
) -> Float[np.ndarray, " rows"]:
    """Values a row whose mean is the area, and whose scatter is what each row adds to it; NaN where it is no part.

    The area plus its influence function (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 22), so
    that means, intervals and paired differences of them are those of areas. All NaN where a bin is too empty.
    """
    places = np.where(np.isfinite(errors), bins.of(shares), OUTSIDE)
    used = [place for place, (_, high) in enumerate(bins.spans) if high <= bins.to]
    known = np.isin(places, used)
    values = np.full(len(errors), np.nan)
    if min(len(np.unique(clusters[places == place])) for place in used) < max(bins.fewest, 1):
        return values
    means = {place: errors[places == place].mean() for place in used}
    weights = {place: (bins.edges[place + 1] - bins.edges[place]) / bins.to for place in used}
    values[known] = sum(weights[place] * means[place] for place in used)
    for place in used:
        here = places == place
        values[here] += weights[place] * known.sum() / here.sum() * (errors[here] - means[place])
    return values
