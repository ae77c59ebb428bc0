"""Intervals of mean errors. People of one sequence are alike, so whole sequences are drawn again, never people.

The interval is studentised (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, section 12.5; Cameron, Gelbach
& Miller, Review of Economics and Statistics 2008), because with the 24 to 60 sequences of this field's test sets the
percentile interval is too short. It needs some sequences: of two or three it has no end, which is said by NaN.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Real, Shaped

Reduction = Literal["frame", "sequence"]
# Counts held at once: all resamples of a hundred sequences, or a few of a set of single pictures.
CHUNK = 1 << 20
ROUNDING = 1e-12
FEWEST = 2


@dataclass(frozen=True)
class Interval:
    """A mean and its confidence interval, in the unit of the values; bounds are NaN where they are undefined.

    `samples` values of `clusters` sequences took part; `undefined` were NaN and did not.
    """

    mean: float
    low: float
    high: float
    samples: int
    clusters: int
    undefined: int = 0


@dataclass(frozen=True)
class Studentised:
    """Means, their standard errors, and the t statistics of resamples around them; a column is a quantity."""

    mean: Float[np.ndarray, " columns"]
    error: Float[np.ndarray, " columns"]
    t: Float[np.ndarray, "resamples columns"]

    def bounds(self, level: float) -> tuple[Float[np.ndarray, " columns"], Float[np.ndarray, " columns"]]:
        """Lower and upper ends of the interval at `level`; NaN where they would be infinite.

        Raises ValueError for too few resamples.
        """
        resamples = len(self.t)
        rank = round((resamples + 1) * (1 - level) / 2)
        if rank < 1:
            raise ValueError(f"{resamples} resamples are too few for an interval at {level}")
        ordered = np.partition(self.t, (rank - 1, resamples - rank), axis=0)
        low, high = ordered[resamples - rank], ordered[rank - 1]
        defined = np.isfinite(low) & np.isfinite(high)
        return tuple(self.mean - np.where(defined, end, np.nan) * self.error for end in (low, high))

    def p_value(self) -> Float[np.ndarray, " columns"]:
        """Two-sided p-value of a mean of 0: below 1 - level just where the interval at that level leaves 0 out.

        NaN with a single cluster.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            seen = np.where(self.mean == 0, 0.0, self.mean / self.error)
        tails = np.minimum((self.t >= seen).sum(0), (self.t <= seen).sum(0))
        values = np.minimum(2 * (tails + 1) / (len(self.t) + 1), 1.0)
        return np.where(np.isnan(self.error), np.nan, values)


def cluster_interval(
    values: Float[np.ndarray, " people"],
    clusters: Shaped[np.ndarray, " people"],
    *,
    weights: Real[np.ndarray, " people"] | None = None,
    reduction: Reduction = "frame",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> Interval:
    """Mean of `values` with its interval over `clusters`, the name of each person's sequence.

    `frame` is the mean over all people, `sequence` the mean of the sequences' means. `weights` let people count by
    their labelled joints; without them all count the same. Values or weights that are not finite are left out and
    counted. The same seed gives the same interval. With a single sequence both bounds are NaN.
    """
    values = values if weights is None else np.where(np.isfinite(weights), values, np.nan)
    sums, sizes = cluster_totals(values, clusters, reduction, weights)
    found = studentise(sums[:, None], sizes[:, None], resamples, seed)
    low, high = found.bounds(level)
    known = int(np.isfinite(values).sum())
    return Interval(found.mean.item(), low.item(), high.item(), known, len(sums), len(values) - known)


def cluster_totals(
    values: Float[np.ndarray, " people"],
    clusters: Shaped[np.ndarray, " people"],
    reduction: Reduction = "frame",
    weights: Real[np.ndarray, " people"] | None = None,
) -> tuple[Float[np.ndarray, " clusters"], Float[np.ndarray, " clusters"]]:
    """Sum and weight of each sequence that has a finite value: the mean is the ratio of their totals.

    Under `sequence` the sums are means and the weights 1.
    """
    known = np.isfinite(values)
    codes = np.unique(clusters[known], return_inverse=True)[1]
    counted = np.ones(known.sum()) if weights is None else weights[known].astype(float)
    sums, sizes = (np.bincount(codes, part).astype(float) for part in (values[known] * counted, counted))
    return (sums, sizes) if reduction == "frame" else (sums / sizes, np.ones_like(sizes))


def studentise(
    sums: Float[np.ndarray, "clusters columns"], sizes: Float[np.ndarray, "clusters columns"], resamples: int, seed: int
) -> Studentised:
    """Draw the clusters again, with the same draws in all columns, and studentise each ratio of totals.

    In the resamples the standard error is linearised. That of the sample itself leaves one cluster out at a time
    (CR3 of MacKinnon, Nielsen & Webb, Journal of Econometrics 2023): where lengths are uneven, the linearised error
    is too small. Both agree where all clusters weigh the same. With fewer than two clusters there is only a mean.
    """
    total, count = sizes.sum(0), len(sums)
    mean = np.divide(sums.sum(0), total, out=np.full_like(total, np.nan), where=total > 0)
    if count < FEWEST:
        return Studentised(mean, np.full_like(mean, np.nan), np.full((resamples, len(mean)), np.nan))
    residuals = sums - mean * sizes
    spared = residuals / (1 - sizes / total)
    error = np.sqrt(np.square(spared).sum(0)) * (1 - 1 / count) / total
    rng = np.random.default_rng(seed)
    rows = max(1, CHUNK // count)
    parts = [_resample(rng, residuals, sizes, min(rows, resamples - start)) for start in range(0, resamples, rows)]
    return Studentised(mean, error, np.concatenate(parts))


def _resample(
    rng: np.random.Generator,
    residuals: Float[np.ndarray, "clusters columns"],
    sizes: Float[np.ndarray, "clusters columns"],
    rows: int,
) -> Float[np.ndarray, "rows columns"]:
    """t statistics of `rows` resamples, by how often each drew each cluster: no person is ever looked up."""
    count = len(sizes)
    drawn = rng.integers(count, size=(rows, count)) + count * np.arange(rows)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count).astype(float)
    shift = counts @ residuals / (counts @ sizes)
    squares = counts @ np.square(residuals)
    variance = squares - 2 * shift * (counts @ (residuals * sizes)) + np.square(shift) * (counts @ np.square(sizes))
    spread = np.sqrt(np.where(variance > ROUNDING * squares, variance, 0.0))
    # A resample of one cluster alone has no spread: its t is infinite, unless it is where the sample is.
    with np.errstate(divide="ignore"):
        return np.divide(shift * (counts @ sizes), spread, out=np.zeros_like(shift), where=shift != 0)
