import numpy as np

from hpe.geometry.boxes import first_with_area, inside, tight_boxes
from hpe.geometry.crops import keypoint_box


def test_boxes_of_many_people_are_those_of_each():
    random = np.random.default_rng(0)
    points, seen = random.normal(size=(20, 3, 2)), random.random((20, 3)) < 0.5
    each = [keypoint_box(point, one.astype(float)) for point, one in zip(points, seen, strict=True)]
    assert np.isnan(each).any()
    np.testing.assert_allclose(tight_boxes(points, seen), each)


def test_the_first_box_with_an_area_counts():
    unknown, flat, good, whole = [np.nan] * 4, [1.0, 2, 4, 0], [1.0, 2, 4, 5], [0.0, 0, 9, 9]
    first, second = np.array([unknown, flat, good, unknown]), np.array([good, good, whole, flat])
    chosen = first_with_area(first, second, np.array([whole] * 4))
    assert chosen.tolist() == [good, good, good, whole]


def test_the_right_and_lower_edges_are_outside():
    points = np.array([[[0.0, 0], [639, 479], [640, 1], [-1, 5]]])
    assert inside(points, np.array([640.0, 480])).tolist() == [[True, True, False, False]]
