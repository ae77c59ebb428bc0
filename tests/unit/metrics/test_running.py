import torch

from hpe.metrics.running import MeanError


def test_every_sample_weighs_the_same():
    metric = MeanError()
    metric.update(torch.tensor([1.0, 2.0, 3.0]))
    metric.update(torch.tensor([6.0]))
    assert metric.compute() == 3.0


def test_undefined_samples_are_counted_and_left_out():
    metric = MeanError()
    metric.update(torch.tensor([1.0, torch.nan, torch.inf]))
    assert metric.compute() == 1.0
    assert metric.undefined() == 2


def test_nothing_defined_is_nan():
    metric = MeanError()
    metric.update(torch.tensor([torch.nan]))
    assert metric.compute().isnan()


def test_reset_forgets():
    metric = MeanError()
    metric.update(torch.tensor([torch.nan]))
    metric.reset()
    assert metric.undefined() == 0
