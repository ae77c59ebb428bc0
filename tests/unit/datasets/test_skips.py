import logging
from dataclasses import replace

import pytest
import torch

from hpe.datasets.skips import SkipCounter
from hpe.errors import UserError
from hpe.types import Batch


def batch(*skipped):
    empty = Batch(torch.zeros(0, 3, 4, 4), torch.zeros(0, dtype=torch.long), torch.zeros(0, 3), torch.zeros(0, 2))
    return replace(empty, skipped=skipped)


def test_each_picture_is_reported_once(caplog):
    counter = SkipCounter(pictures=20)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            counter.update(batch("a.jpg (truncated)"))
    assert caplog.messages == ["skipped unreadable picture a.jpg (truncated)"]
    assert len(counter) == 1


def test_one_bad_picture_is_always_tolerated_and_a_second_of_100_is_not():
    counter = SkipCounter(pictures=100)
    counter.update(batch("a.jpg"))
    with pytest.raises(UserError, match=r"2 of 100 pictures cannot be read, more than 1 %, such as a\.jpg"):
        counter.update(batch("b.jpg"))


def test_bad_pictures_in_the_first_batch_of_many_do_not_end_the_run():
    counter = SkipCounter(pictures=1000)
    counter.update(batch(*(f"{number}.jpg" for number in range(10))))
    with pytest.raises(UserError, match="11 of 1000"):
        counter.update(batch("last.jpg"))
