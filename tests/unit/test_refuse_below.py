"""What is said of numbers that are too small."""

import math
from typing import Any

import pytest

from hpe.datasets.module import DataModule
from hpe.errors import UserError, refuse_below


def test_the_first_number_below_is_named() -> None:
    refuse_below(1, {"size": None, "batch_size": 1})
    with pytest.raises(UserError, match=r"^batch_size=0: it must be at least 1$"):
        refuse_below(1, {"size": None, "batch_size": 0, "resolution": 0})
    with pytest.raises(UserError, match=r"^tolerance=nan: it must be at least 0$"):
        refuse_below(0, {"tolerance": math.nan})


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"workers": -1}, {"size": 0}, {"epoch_size": -5}])
def test_data_of_no_size_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"data.*must be at least"):
        DataModule({}, **wrong)
