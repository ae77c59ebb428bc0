"""Whether measured numbers are those that were published: the one rule of it.

A metric *agrees* where the gap is at most the tolerance, beside the rounding of the printed number. Both numbers are
means over the same people, so the interval over sequences, which says what other sequences would give, is no excuse for
a gap. Where the protocol is not the paper's own, as with other people or boxes, it is one: there a metric also agrees
where the published number lies within the measured interval.

A row is agreed with where all of its metrics are that the protocol measures. Of the rows of a system that are agreed
with the nearest counts, by its mean gap: where it is the claimed row, the weights are `REPRODUCED`; where it is another
one, they are not the claimed model's but `ANOTHER`'s; where there is none, reproduction has `FAILED`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

REPRODUCED, FAILED, ANOTHER = "reproduced", "not reproduced", "not the paper's model"
ROUNDING = 0.05  # mm: papers print one decimal


@dataclass(frozen=True)
class PublishedRow:
    """One published row, in mm by our names of metrics, and who says so."""

    name: str
    numbers: Mapping[str, float]
    source: str


@dataclass(frozen=True)
class Gap:
    """A measured number beside the published one, in mm; bounds are NaN where there is no interval."""

    published: float
    measured: float
    low: float
    high: float
    agrees: bool

    @property
    def gap(self) -> float:
        """How far the measured number is above the published one."""
        return self.measured - self.published

    @property
    def half_widths(self) -> float:
        """The gap in half-widths of the interval; NaN where there is none."""
        half = (self.high - self.low) / 2
        return self.gap / half if half > 0 else math.nan


@dataclass(frozen=True)
class Verdict:
    """What became of the claim that the weights are those of a published row."""

    verdict: str
    why: str
    row: PublishedRow
    gaps: Mapping[str, Gap]
    not_measured: Sequence[str]

    def plain(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        gaps = {name: asdict(gap) | {"gap": gap.gap, "half_widths": gap.half_widths} for name, gap in self.gaps.items()}
        return asdict(self) | {"gaps": gaps}


def judge(
    rows: Sequence[PublishedRow],
    claimed: str,
    metrics: Mapping[str, float],
    intervals: Mapping[str, Sequence[float]],
    tolerance: float,
    own_protocol: bool,
) -> Verdict:
    """The verdict on the row called `claimed`, of `metrics` in mm, those that the protocol measures.

    `own_protocol` says whether that is the paper's. Raises ValueError where the row has none of these metrics.
    """
    gaps = {row.name: _gaps(row, metrics, intervals, tolerance + ROUNDING, own_protocol) for row in rows}
    row = next(row for row in rows if row.name == claimed)
    if not gaps[claimed]:
        raise ValueError(f"the protocol measures none of {', '.join(row.numbers)}")
    agreed = [name for name, found in gaps.items() if found and all(gap.agrees for gap in found.values())]
    nearest = min(agreed, key=lambda name: _mean_gap(gaps[name]), default=None)
    verdict = FAILED if nearest is None else REPRODUCED if nearest == claimed else ANOTHER
    not_measured = [name for name in row.numbers if name not in gaps[claimed]]
    return Verdict(
        verdict, _why(nearest, row, gaps[claimed], tolerance, own_protocol), row, gaps[claimed], not_measured
    )


def _gaps(
    row: PublishedRow,
    metrics: Mapping[str, float],
    intervals: Mapping[str, Sequence[float]],
    allowed: float,
    own_protocol: bool,
) -> dict[str, Gap]:
    found = {}
    for name in row.numbers.keys() & metrics.keys():
        published, measured, (low, high) = row.numbers[name], metrics[name], intervals[name]
        near = abs(measured - published) <= allowed
        inside = not own_protocol and low <= published <= high and math.isfinite(measured)
        found[name] = Gap(published, measured, low, high, near or inside)
    return {name: found[name] for name in row.numbers if name in found}


def _mean_gap(gaps: Mapping[str, Gap]) -> float:
    return float(np.mean([abs(gap.gap) for gap in gaps.values()]))


def _why(nearest: str | None, row: PublishedRow, gaps: Mapping[str, Gap], tolerance: float, own_protocol: bool) -> str:
    within = f"within {tolerance:g} mm" + ("" if own_protocol else " or the measured interval")
    if nearest == row.name:
        return f"{', '.join(gaps)} of row '{row.name}' are {within}"
    if nearest is not None:
        return f"the numbers are those of row '{nearest}'; row={nearest} judges by it"
    apart = [name for name, gap in gaps.items() if not gap.agrees]
    return f"{', '.join(apart)} of row '{row.name}' not {within}, and no other row is"
