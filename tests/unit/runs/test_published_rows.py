import pandas as pd
import pytest

from hpe.errors import UserError
from hpe.runs.published_rows import published_rows

NUMBERS = pd.DataFrame(
    {
        "method": ["PARE", "PARE", "PARE", "PARE", "SPIN"],
        "source": ["own", "own", "own", "quoted", "own"],
        "metric": ["MPJPE", "PVE", "Accel", "MPJPE", "MPJPE"],
        "value": [82.0, 97.9, 25.6, 79.1, 96.9],
    }
)


def test_a_choice_is_the_errors_of_one_source_by_our_names() -> None:
    (row,) = published_rows(NUMBERS, {"first": {"method": "PARE", "source": "own"}})
    assert (row.name, row.numbers) == ("first", {"mpjpe": 82.0, "pve": 97.9})
    assert row.source == "PARE, own"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"method": "PARR"}, r"released\.rows\.first chooses nothing"),
        ({"method": "PARE"}, r"released\.rows\.first chooses 3 numbers, several of a metric"),
        ({"methode": "PARE"}, "no 'methode'; did you mean 'method'"),
    ],
)
def test_a_choice_that_is_none_is_named(choice: dict[str, str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        published_rows(NUMBERS, {"first": choice})
