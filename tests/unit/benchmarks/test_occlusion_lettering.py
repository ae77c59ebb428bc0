"""Words on pictures stay inside them."""

import numpy as np
import pytest

from benchmarks.occlusion.lettering import lettered


@pytest.mark.parametrize("where", ["top", "bottom"])
@pytest.mark.parametrize("words", ["5 % hidden", "somewhat longer than a picture of this size is wide"])
def test_words_stand_where_they_are_wanted_and_fit(words, where):
    grey = np.full((200, 200, 3), 128, np.uint8)
    written = lettered(grey, words, where)
    rows, columns = np.nonzero((written != grey).any(-1))
    assert (rows.max() < 60) if where == "top" else (rows.min() > 140)
    assert columns.min() > 0
    assert columns.max() < 199
    assert (grey == 128).all()
