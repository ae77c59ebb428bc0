"""Numbers that files do not give: of the people in a picture, and of a frame by the name of its picture."""

import re
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from jaxtyping import Int

from hpe.files.json_records import Records


def number_within(pictures: Int[np.ndarray, " people"]) -> Int[np.ndarray, " people"]:
    """0, 1, ... for the people of each picture, in the order of the file."""
    return pd.Series(pictures).groupby(pictures).cumcount().to_numpy(np.int64)


def frame_numbers(images: Records) -> Int[np.ndarray, " images"]:
    """The digits at the end of each `file_name`. Raises UserError for a name without."""
    found = [re.search(r"\d{1,9}$", PurePosixPath(name).stem, re.ASCII) for name in images.texts("file_name")]
    for row, digits in enumerate(found):
        if digits is None:
            raise images.fault(row, "file_name", "does not end in a number of a frame")
    return np.array([int(digits[0]) for digits in found if digits], dtype=np.int64)
