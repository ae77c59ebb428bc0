import numpy as np
import pytest

from hpe.datasets.readers.genders import gender_code
from hpe.errors import UserError


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("neutral", 0),
        ("m", 1),
        ("male", 1),
        ("f", 2),
        (b"f", 2),
        ("Female", 2),
        (np.str_("f"), 2),
        (np.array("female"), 2),
        (np.array(b"female"), 2),
        (np.array(["male"], dtype=object), 1),
    ],
)
def test_every_spelling_of_the_field_is_known(word, code):
    assert gender_code(word, "walk.pkl") == code


@pytest.mark.parametrize("word", ["", "x", None, 1, np.array(["m", "f"]), b"\xff"])
def test_an_unknown_word_is_no_guess(word):
    with pytest.raises(UserError, match=r"walk\.pkl: gender .* is none of m, f, n, neutral, male, female"):
        gender_code(word, "walk.pkl")
