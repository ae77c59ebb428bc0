"""Intervals over sequences: what they promise, on data whose truth is known."""

import numpy as np
import pytest

from hpe.metrics.bootstrap import Interval, cluster_interval, studentise

TRUTH, TRIALS = 80.0, 2_000
BETWEEN, WITHIN = 10.0, 20.0


def lengths(sequences, rng):
    """Uneven as those of 3DPW's test sequences: the longest are several times as long as the shortest."""
    return np.exp(rng.normal(np.log(60), 0.5, sequences)).astype(int)


def simulate(sequences, trials, seed=0):
    """Errors [people trials] in mm of people who share their sequence's difficulty, and their sequences."""
    rng = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(sequences), lengths(sequences, rng))
    shared = rng.normal(0, BETWEEN, (sequences, trials))
    return TRUTH + shared[clusters] + rng.normal(0, WITHIN, (len(clusters), trials)), clusters


def totals(values, clusters, reduction):
    sums = np.add.reduceat(values, np.unique(clusters, return_index=True)[1])
    sizes = np.broadcast_to(np.bincount(clusters)[:, None].astype(float), sums.shape)
    return (sums, sizes) if reduction == "frame" else (sums / sizes, np.ones_like(sums))


def coverage(low, high):
    return np.mean((low <= TRUTH) & (high >= TRUTH))


@pytest.mark.parametrize("reduction", ["frame", "sequence"])
@pytest.mark.parametrize("sequences", [24, 37, 60])
def test_the_interval_covers_the_truth_in_95_of_100_trials(sequences, reduction):
    sums, sizes = totals(*simulate(sequences, TRIALS), reduction)
    covered = coverage(*studentise(sums, sizes, resamples=2_000, seed=0).bounds(0.95))
    assert covered == pytest.approx(0.95, abs=0.015)


def test_the_naive_interval_over_people_does_not():
    values, _ = simulate(24, TRIALS)
    error = values.std(0, ddof=1) / np.sqrt(len(values))
    assert coverage(values.mean(0) - 1.96 * error, values.mean(0) + 1.96 * error) < 0.6


@pytest.mark.parametrize("reduction", ["frame", "sequence"])
def test_one_column_is_as_many(reduction):
    values, clusters = simulate(24, 2)
    low, high = studentise(*totals(values, clusters, reduction), resamples=500, seed=3).bounds(0.95)
    found = cluster_interval(values[:, 1], clusters, reduction=reduction, resamples=500, seed=3)
    assert (found.low, found.high) == pytest.approx((low[1], high[1]))


def test_the_two_reductions_are_the_mean_over_people_and_over_sequences():
    values, clusters = np.array([1.0, 1.0, 1.0, 5.0]), np.array(["a", "a", "a", "b"])
    assert cluster_interval(values, clusters).mean == 2.0
    assert cluster_interval(values, clusters, reduction="sequence").mean == 3.0


def test_the_seed_and_nothing_else_decides():
    values, clusters = simulate(10, 1)
    order = np.random.default_rng(1).permutation(len(values))
    found = cluster_interval(values[:, 0], clusters)
    assert cluster_interval(values[:, 0], clusters) == found
    shuffled = cluster_interval(values[order, 0], clusters[order])
    assert (shuffled.low, shuffled.high) == pytest.approx((found.low, found.high))
    assert cluster_interval(values[:, 0], clusters, seed=1).low != found.low


def test_the_interval_moves_and_stretches_with_the_values():
    values, clusters = simulate(10, 1)
    found, moved = (cluster_interval(errors, clusters) for errors in (values[:, 0], 3 * values[:, 0] + 7))
    assert (moved.low, moved.high) == pytest.approx((3 * found.low + 7, 3 * found.high + 7))


def test_copies_of_people_add_nothing():
    values, clusters = simulate(10, 1)
    once, thrice = (cluster_interval(np.repeat(values[:, 0], n), np.repeat(clusters, n)) for n in (1, 3))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


@pytest.mark.parametrize("reduction", ["frame", "sequence"])
def test_a_person_who_weighs_three_is_three_people(reduction):
    values, clusters = simulate(10, 1)
    weights = np.random.default_rng(0).integers(1, 4, len(values))
    weighed = cluster_interval(values[:, 0], clusters, weights=weights, reduction=reduction)
    repeated = cluster_interval(values[:, 0].repeat(weights), clusters.repeat(weights), reduction=reduction)
    assert (weighed.mean, weighed.low, weighed.high) == pytest.approx((repeated.mean, repeated.low, repeated.high))


def test_undefined_values_are_left_out_and_counted():
    values, clusters = simulate(10, 1)
    errors = values[:, 0].copy()
    errors[clusters == 0] = np.nan
    errors[-1] = np.nan
    kept = np.isfinite(errors)
    found, rest = cluster_interval(errors, clusters), cluster_interval(errors[kept], clusters[kept])
    assert (found.mean, found.low, found.high, found.clusters) == (rest.mean, rest.low, rest.high, 9)
    assert (found.samples, found.undefined) == (kept.sum(), (~kept).sum())


@pytest.mark.parametrize("sequences", [1, 2, 3])
def test_of_too_few_sequences_the_interval_is_undefined(sequences):
    found = cluster_interval(np.arange(12.0), np.arange(12) % sequences)
    assert found.mean == 5.5
    assert np.isnan([found.low, found.high]).all()


def test_of_no_value_everything_is_undefined():
    found = cluster_interval(np.full(3, np.nan), np.arange(3))
    assert np.isnan([found.mean, found.low, found.high]).all()
    assert (found.samples, found.clusters, found.undefined) == (0, 0, 3)


def test_equal_values_have_an_interval_without_width():
    assert cluster_interval(np.full(12, 4.0), np.arange(12) % 3) == Interval(4.0, 4.0, 4.0, 12, 3)


def test_too_few_resamples_are_refused():
    with pytest.raises(ValueError, match="15 resamples"):
        cluster_interval(np.arange(12.0), np.arange(12), resamples=15)
