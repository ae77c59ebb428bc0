"""Two systems on the same people: when they differ, when they tie, and when they cannot be compared."""

import numpy as np
import pandas as pd
import pytest

from hpe.errors import UserError
from hpe.metrics.comparison import Spread, compare, paired

SEQUENCES, FRAMES = 24, 30


@pytest.fixture
def errors():
    """MPJPE in mm; sequences differ more than any two systems do."""
    rng = np.random.default_rng(0)
    index = pd.MultiIndex.from_product([[f"walk_{n:02}" for n in range(SEQUENCES)], range(FRAMES), [0]])
    table = index.to_frame(index=False, name=["sequence", "frame", "person"])
    shared = rng.normal(80, 15, SEQUENCES).repeat(FRAMES)
    return table.assign(mpjpe=shared + rng.normal(0, 10, len(table)))


def worse(errors, by, seed=1):
    """A system that is `by` mm worse on average: not in every frame, nor in every sequence."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 2, SEQUENCES).repeat(FRAMES) + rng.normal(0, 5, len(errors))
    return errors.assign(mpjpe=errors["mpjpe"] + by + noise)


def test_a_difference_smaller_than_either_interval_is_found(errors):
    found = compare(worse(errors, 3.0), errors, "mpjpe")
    assert found.low > 0
    assert found.low < found.difference < found.high
    assert found.p_value < 0.01
    assert not found.tie
    assert (found.samples, found.clusters) == (len(errors), SEQUENCES)


def test_a_difference_by_chance_is_a_tie(errors):
    found = compare(worse(errors, 0.0), errors, "mpjpe")
    assert found.tie
    assert found.p_value > 0.05


def test_turned_round_the_sign_changes_and_nothing_else(errors):
    other = worse(errors, 3.0)
    there, back = compare(other, errors, "mpjpe"), compare(errors, other, "mpjpe")
    assert (back.difference, back.low, back.high) == pytest.approx((-there.difference, -there.high, -there.low))
    assert back.p_value == pytest.approx(there.p_value)


def test_a_system_ties_with_itself(errors):
    found = compare(errors, errors, "mpjpe")
    assert (found.difference, found.low, found.high, found.p_value, found.tie) == (0, 0, 0, 1, True)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("by", [0.5, 1.0])
def test_p_value_and_interval_agree(errors, by, seed):
    found = compare(worse(errors, by, seed), errors, "mpjpe")
    assert found.tie == (found.p_value >= 0.05)


@pytest.mark.slow
def test_equal_systems_are_told_apart_once_in_twenty(errors):
    sequences = errors["sequence"].to_numpy(str)
    rng = np.random.default_rng(0)
    trials = 1_000
    apart = rng.normal(0, 2, (trials, SEQUENCES)).repeat(FRAMES, axis=1) + rng.normal(0, 5, (trials, len(errors)))
    ties = [paired(row, np.zeros_like(row), sequences, resamples=999).tie for row in apart]
    assert np.mean(ties) == pytest.approx(0.95, abs=0.02)


def test_rows_are_matched_by_person_and_not_by_place(errors):
    assert compare(errors.sample(frac=1, random_state=0), errors, "mpjpe").high == 0


def test_one_sequence_tells_nothing_apart(errors):
    found = paired(np.full(4, 2.0), np.zeros(4), np.zeros(4, int))
    assert (found.difference, found.tie) == (2.0, True)
    assert np.isnan([found.low, found.high, found.p_value]).all()


def test_undefined_in_either_is_left_out_of_both(errors):
    other = worse(errors, 3.0)
    other.loc[:4, "mpjpe"] = np.nan
    found = compare(other, errors, "mpjpe")
    assert (found.samples, found.undefined) == (len(errors) - 5, 5)
    assert found.difference == pytest.approx((other["mpjpe"] - errors["mpjpe"])[5:].mean())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda table: table[1:], "1 people are in one of the two errors only, such as person 0 of sequence walk_00"),
        (lambda table: pd.concat([table, table[:1]]), "the first errors hold person 0 .* twice"),
        (lambda table: table.drop(columns="mpjpe"), "the first errors have no column 'mpjpe'"),
    ],
)
def test_other_people_are_refused(errors, change, complaint):
    with pytest.raises(UserError, match=complaint):
        compare(change(errors), errors, "mpjpe")


def test_seeds_are_a_mean_and_a_spread():
    two = Spread.of([90.0, 110.0])
    assert (two.mean, two.deviation, two.runs) == (100.0, pytest.approx(200**0.5), 2)
    assert np.isnan(Spread.of([90.0]).deviation)
