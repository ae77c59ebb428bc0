"""Rows of columns: which are kept, and in which order a store has them."""

import numpy as np
from jaxtyping import Bool, Float, Int

from hpe.datasets.readers.reader import Columns


def take(columns: Columns, rows: Bool[np.ndarray, " people"] | Int[np.ndarray, " rows"]) -> Columns:
    """The rows of every column that are chosen, or at these places."""
    return {name: values[rows] for name, values in columns.items()}


def in_order(columns: Columns) -> Columns:
    """Sorted by sequence, person and frame."""
    return take(columns, np.lexsort((columns["frame"], columns["person"], columns["sequence"])))


def has_area(boxes: Float[np.ndarray, "people 4"]) -> Bool[np.ndarray, " people"]:
    """Whose box (x0, y0, width, height) is known and has an area."""
    return np.all(boxes[:, 2:] > 0, axis=1)
