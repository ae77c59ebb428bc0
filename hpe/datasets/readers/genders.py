"""The word for a gender, as data sets write it, to the schema's number."""

from typing import Any

import numpy as np

from hpe.datasets.schema import GENDERS
from hpe.errors import UserError
from hpe.files.limits import AGAIN

WORDS = {"m": "male", "f": "female", "n": "neutral", **{word: word for word in GENDERS}}


def gender_code(word: Any, where: str) -> int:
    """Index into `GENDERS` of a word in text, bytes or an array of one ("f", b"female", array("male")).

    Raises UserError, which begins with `where`, for any other word: a guess would be another body.
    """
    said = word.item() if isinstance(word, np.ndarray | np.generic) and word.size == 1 else word
    said = said.decode("latin1") if isinstance(said, bytes) else said
    if not isinstance(said, str) or said.strip().lower() not in WORDS:
        raise UserError(f"{where}: gender {said!r} is none of {', '.join(WORDS)}; {AGAIN}")
    return GENDERS.index(WORDS[said.strip().lower()])
