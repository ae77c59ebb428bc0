from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpe.datasets.sampling import EvaluationSampler, TrainingSampler, quotas


@given(ratios=st.lists(st.floats(0.01, 9), min_size=1, max_size=5), total=st.integers(0, 1000))
def test_quotas_sum_up_and_are_within_one_of_the_ratio(ratios, total):
    counts = quotas(ratios, total)
    assert counts.sum() == total
    assert np.abs(counts - np.array(ratios) / sum(ratios) * total).max() < 1


@given(sizes=st.lists(st.integers(1, 30), min_size=1, max_size=3), world=st.integers(1, 7))
def test_evaluation_sees_each_sample_once_on_any_number_of_processes(sizes, world):
    samplers = [EvaluationSampler(sizes, rank, world) for rank in range(world)]
    keys = [key for sampler in samplers for key in sampler]
    assert sorted(keys) == [(number, row, 0, 0) for number, size in enumerate(sizes) for row in range(size)]
    assert [len(list(sampler)) for sampler in samplers] == [len(sampler) for sampler in samplers]
    assert max(map(len, samplers)) - min(map(len, samplers)) <= 1


@given(size=st.integers(1, 50), world=st.integers(1, 5), epoch=st.integers(0, 3))
def test_training_processes_share_an_epoch_without_overlap(size, world, epoch):
    shares = []
    for rank in range(world):
        sampler = TrainingSampler([size], [1.0], size, seed=3, rank=rank, world=world)
        sampler.set_epoch(epoch)
        shares.append(list(sampler))
    keys = [key for share in shares for key in share]
    assert len({len(share) for share in shares}) == 1
    assert len(set(keys)) == len(keys) == size // world * world


def test_mixture_has_the_exact_ratio_and_uses_rows_evenly():
    sampler = TrainingSampler([1000, 10], [3.0, 1.0], 1000, seed=0, rank=0, world=1)
    keys = list(sampler)
    counts = Counter(key.dataset for key in keys)
    assert counts == {0: 750, 1: 250}
    assert set(Counter(key.row for key in keys if key.dataset == 1).values()) == {25}
    assert len(set(keys)) == 1000  # the same row comes back under another draw
    first = Counter(key.dataset for key in keys[:200])
    assert first[1] / 200 == pytest.approx(0.25, abs=0.1)


def test_order_follows_from_seed_and_epoch():
    def order(seed, epoch):
        sampler = TrainingSampler([50], [1.0], 50, seed, rank=0, world=1)
        sampler.set_epoch(epoch)
        return [key.row for key in sampler]

    assert order(0, 1) == order(0, 1)
    assert order(0, 1) != order(0, 2)
    assert order(0, 1) != order(1, 1)
    assert sorted(order(0, 1)) == list(range(50))


def test_a_continued_epoch_lacks_what_was_seen_and_the_next_is_whole():
    whole = TrainingSampler([50], [1.0], 50, seed=0, rank=0, world=2)
    rest = TrainingSampler([50], [1.0], 50, seed=0, rank=0, world=2, first_epoch=3, seen=8)
    whole.set_epoch(3)
    assert list(rest) == list(whole)[8:]
    assert len(rest) == len(whole)
    for sampler in (whole, rest):
        sampler.set_epoch(4)
    assert list(rest) == list(whole)
