import numpy as np

from hpe.geometry.boxes import keypoint_box


def test_the_box_is_tight_around_what_is_seen():
    points = np.array([[10.0, 20.0], [40.0, 25.0], [999.0, 999.0]])
    assert keypoint_box(points, np.array([0.1, 1.0, 0.0])).tolist() == [10, 20, 30, 5]


def test_nothing_seen_has_no_box():
    assert np.isnan(keypoint_box(np.ones((3, 2)), np.zeros(3))).all()
