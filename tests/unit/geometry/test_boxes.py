import numpy as np

from hpe.geometry.boxes import first_with_area, inside


def test_the_first_box_with_an_area_counts():
    unknown, flat, good, whole = [np.nan] * 4, [1.0, 2, 4, 0], [1.0, 2, 4, 5], [0.0, 0, 9, 9]
    first, second = np.array([unknown, flat, good, unknown]), np.array([good, good, whole, flat])
    chosen = first_with_area(first, second, np.array([whole] * 4))
    assert chosen.tolist() == [good, good, good, whole]


def test_the_right_and_lower_edges_are_outside():
    points = np.array([[[0.0, 0], [639, 479], [640, 1], [-1, 5]]])
    assert inside(points, np.array([640.0, 480])).tolist() == [[True, True, False, False]]
