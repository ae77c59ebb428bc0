import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe.metrics.thresholds import auc, challenge_auc, pck

# Millimetres that floating point knows exactly, thresholds among them.
EIGHTHS = st.integers(0, 8 * 220).map(lambda eighths: eighths / 8)


def at(*errors):
    """A pose of joints that are off by these lengths, and its target."""
    prediction = torch.tensor([[[error, 0.0, 0.0] for error in errors]], dtype=torch.float64)
    return prediction, torch.zeros_like(prediction)


def test_the_threshold_itself_is_outside_unless_it_is_included():
    assert pck(*at(149.9, 150.0), threshold=150.0).item() == 0.5
    assert pck(*at(149.9, 150.0), threshold=150.0, inclusive=True).item() == 1.0


@given(st.lists(EIGHTHS, min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_auc_is_the_mean_of_pck_over_31_thresholds(errors):
    curve = [sum(error < threshold for error in errors) / len(errors) for threshold in range(0, 151, 5)]
    assert auc(*at(*errors), highest=150.0).item() == pytest.approx(sum(curve) / 31)


@given(st.lists(EIGHTHS, min_size=1, max_size=8))
@settings(max_examples=50, deadline=None)
def test_the_challenges_area_is_the_trapezoidal_rule(errors):
    curve = [sum(error <= threshold for error in errors) / len(errors) for threshold in range(200)]
    assert challenge_auc(*at(*errors), step=1.0).item() == pytest.approx(np.trapezoid(curve) / 199)


@pytest.mark.parametrize("metric", [pck, auc, challenge_auc])
def test_unlabelled_joints_do_not_count_and_failed_ones_leave_no_score(metric):
    prediction, target = (points.expand(3, -1, -1).clone() for points in at(0.0, 0.0, 9.0))
    target[0, 2], prediction[1, 0] = torch.nan, torch.nan
    valid = torch.tensor([[True] * 3, [True] * 3, [True, True, False]])
    scores = metric(prediction, target, valid)
    assert scores[0] == scores[2] == metric(prediction[2:, :2], target[2:, :2])
    assert scores[1].isnan()
