import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hpe.exchange.boxes import overlaps, pairs_by_box, squares


def test_overlap_of_known_boxes():
    box = np.array([[0.0, 0, 2, 2]])
    others = np.array([[0.0, 0, 2, 2], [1, 0, 2, 2], [5, 5, 2, 2], [0, 0, 0, 0], [np.nan] * 4])
    np.testing.assert_allclose(overlaps(box, others), [[1, 1 / 3, 0, 0, 0]])


def test_squares_keep_the_middle_and_the_longer_side():
    np.testing.assert_array_equal(squares(np.array([[10.0, 20, 4, 10]])), [[7, 20, 10, 10]])


@given(st.permutations(range(6)))
def test_the_same_boxes_in_another_order_find_each_other(order):
    order = np.array(order)
    boxes = np.stack([100.0 * np.arange(6), np.zeros(6), np.full(6, 50), np.full(6, 60)], axis=1)
    theirs, ours = pairs_by_box(np.zeros(6, int), np.zeros(6, int), boxes[order], boxes)
    assert dict(zip(theirs.tolist(), ours.tolist(), strict=True)) == dict(enumerate(order.tolist()))


def test_pictures_are_apart():
    boxes = np.tile([0.0, 0, 10, 10], (3, 1))
    theirs, ours = pairs_by_box(np.array([5, 7, 9]), np.array([9, 5, 8]), boxes, boxes)
    assert sorted(zip(theirs.tolist(), ours.tolist(), strict=True)) == [(0, 1), (2, 0)]
