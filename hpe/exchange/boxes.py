"""Who is who in one picture, by how much boxes overlap."""

import numpy as np
from scipy.optimize import linear_sum_assignment

LEAST_OVERLAP = 0.3


def squares(boxes: np.ndarray) -> np.ndarray:
    """Squares around the same middles as boxes (x0, y0, width, height), with their longer side: [N, 4]."""
    side = boxes[:, 2:].max(1, keepdims=True)
    return np.concatenate([boxes[:, :2] + (boxes[:, 2:] - side) / 2, side, side], axis=1)


def overlaps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Intersection over union [N, M] of boxes [N, 4] and [M, 4], (x0, y0, width, height); 0 for one that is no box."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum((first[:, :2] + first[:, 2:])[:, None], (second[:, :2] + second[:, 2:])[None])
    shared = (high - low).clip(0).prod(-1)
    union = first[:, 2:].prod(-1)[:, None] + second[:, 2:].prod(-1)[None] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def pairs_by_box(
    theirs: np.ndarray, ours: np.ndarray, their_boxes: np.ndarray, our_boxes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of both sides that are one person: the assignment of most overlap in each picture, at least 0.3 a pair.

    `theirs` [N] and `ours` [M] number the picture of each row; boxes are (x0, y0, width, height) in pixels. They are
    compared as squares, because detectors and crops differ in which side they cut.
    """
    found = [np.zeros((2, 0), dtype=np.int64)]
    ours_by_picture = _rows_by_value(ours)
    for picture, rows in _rows_by_value(theirs).items():
        others = ours_by_picture.get(picture, np.zeros(0, dtype=np.int64))
        overlap = overlaps(squares(their_boxes[rows]), squares(our_boxes[others]))
        left, right = linear_sum_assignment(overlap, maximize=True)
        good = overlap[left, right] >= LEAST_OVERLAP
        found.append(np.stack([rows[left[good]], others[right[good]]]))
    left_rows, right_rows = np.concatenate(found, axis=1)
    return left_rows, right_rows


def _rows_by_value(values: np.ndarray) -> dict[int, np.ndarray]:
    order = np.argsort(values, kind="stable")
    known, starts = np.unique(values[order], return_index=True)
    return dict(zip(known.tolist(), np.split(order, starts[1:]), strict=True))
