"""Areas under curves: by hand, and covered by their intervals."""

import numpy as np
import pytest

from benchmarks.occlusion.bins import OUTSIDE, Bins, area_values, curve
from hpe.errors import UserError

TENTHS = Bins((0, 0.1, 0.2, 0.5, 1), 0.5, 1)
FINE = Bins(tuple(np.linspace(0, 1, 6).round(1)), 0.6, 3)


def made(people, seed=0, per_person=12):
    """Errors of 100 mm with nothing hidden and 200 with all, and a person's own share, who is a sequence."""
    random = np.random.default_rng(seed)
    shares = random.uniform(0, 1, (people, per_person)) ** 1.5
    values = 100 + 100 * shares + random.normal(0, 20, (people, 1)) + random.normal(0, 5, shares.shape)
    clusters = np.repeat(np.arange(people), per_person)
    return values.ravel(), shares.ravel(), clusters


def test_bins_hold_their_lower_edge_and_the_last_both():
    assert TENTHS.of(np.array([0, 0.1, 0.19, 0.2, 1, np.nan])).tolist() == [0, 1, 1, 2, 3, OUTSIDE]


def test_an_area_is_the_mean_of_bins_as_heavy_as_they_are_wide():
    errors = np.array([10.0, 20, 30, 30, 60, 1000])
    shares = np.array([0.05, 0.05, 0.15, 0.15, 0.3, 0.9])
    found = curve(errors, shares, np.arange(6), TENTHS, resamples=99)
    assert [one.mean for one in found.bins] == [15, 30, 60, 1000]
    assert found.area.mean == pytest.approx((0.1 * 15 + 0.1 * 30 + 0.3 * 60) / 0.5)
    assert found.area.samples == 5


def test_an_empty_bin_is_undefined_and_takes_the_area_with_it():
    errors, shares = np.array([10.0, 20, 60]), np.array([0.05, 0.05, 0.3])
    found = curve(errors, shares, np.arange(3), TENTHS, resamples=99)
    assert np.isnan(found.bins[1].mean)
    assert found.bins[1].samples == 0
    assert np.isnan(found.area.mean)


def test_a_bin_of_too_few_sequences_takes_the_area_with_it():
    errors, shares = np.full(30, 5.0), np.tile([0.05, 0.15, 0.3], 10)
    assert np.isfinite(area_values(errors, shares, np.arange(30), Bins(TENTHS.edges, 0.5, 10))).all()
    clusters = np.where(shares == 0.15, 0, np.arange(30))
    assert np.isnan(area_values(errors, shares, clusters, Bins(TENTHS.edges, 0.5, 2))).all()


def test_undefined_errors_are_no_part_of_an_area():
    errors, shares, clusters = made(20)
    broken, hidden = np.append(errors, np.nan), np.append(shares, 0.3)
    whole, partly = (
        curve(*inputs, FINE, resamples=99).area.mean
        for inputs in ((errors, shares, clusters), (broken, hidden, np.append(clusters, 0)))
    )
    assert whole == pytest.approx(partly)


def test_the_area_of_a_straight_line_is_its_middle():
    errors, shares, clusters = made(400)
    assert curve(errors, shares, clusters, FINE, resamples=99).area.mean == pytest.approx(130, abs=3)


@pytest.mark.slow
def test_intervals_of_areas_cover_the_truth():
    inside = 0
    for seed in range(200):
        errors, shares, clusters = made(25, seed)
        area = curve(errors, shares, clusters, FINE, resamples=399).area
        inside += area.low < 130 < area.high
    assert 0.9 <= inside / 200 <= 0.99


def test_a_difference_of_areas_is_the_mean_of_paired_differences():
    errors, shares, clusters = made(30)
    one, other = (area_values(values, shares, clusters, FINE) for values in (errors, 1.1 * errors))
    areas = [curve(values, shares, clusters, FINE, resamples=99).area.mean for values in (errors, 1.1 * errors)]
    assert np.nanmean(other - one) == pytest.approx(areas[1] - areas[0])


@pytest.mark.parametrize(
    ("edges", "to", "words"),
    [
        ((0.1, 1.0), 1.0, "begin at 0"),
        ((0.0,), 1.0, "begin at 0"),
        ((0.0, 0.5, 0.5), 0.5, "increase"),
        ((0.0, 2.0), 2.0, "end at 1"),
        ((0.0, 0.5, 1.0), 0.4, "area_to=0.4: the area ends at an edge"),
    ],
)
def test_edges_that_make_no_bins_are_one_line(edges, to, words):
    with pytest.raises(UserError, match=words):
        Bins(edges, to, 1)
