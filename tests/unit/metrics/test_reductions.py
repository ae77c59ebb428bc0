import pytest
import torch

from hpe.metrics.reductions import Mean, mean

VALUES = torch.tensor([1.0, 2.0, torch.nan, 6.0, torch.inf])


def test_undefined_values_are_left_out_and_counted():
    assert mean(VALUES) == Mean(value=3.0, samples=3, undefined=2)


def test_micro_weighs_people_by_their_labelled_joints():
    assert mean(VALUES, weights=torch.tensor([3, 1, 5, 0, 5])).value == pytest.approx(1.25)


def test_nothing_defined_has_no_mean():
    nothing = mean(torch.full((4,), torch.nan))
    assert (str(nothing.value), nothing.samples, nothing.undefined) == ("nan", 0, 4)
