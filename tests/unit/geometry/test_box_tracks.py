import numpy as np
import pytest

from hpe.geometry.box_tracks import fill_gaps, smooth_boxes, smooth_track

GAP = [np.nan, np.nan]


def test_gaps_are_bridged_and_ends_stay_open():
    track = np.array([GAP, [0.0, 8.0], GAP, GAP, [3.0, 5.0], GAP])
    np.testing.assert_allclose(fill_gaps(track), [GAP, [0, 8], [1, 7], [2, 6], [3, 5], GAP])


def test_who_was_never_seen_has_no_boxes():
    assert np.isnan(fill_gaps(np.full((4, 4), np.nan))).all()
    assert np.isnan(smooth_boxes(np.zeros((4, 3, 2)), np.zeros((4, 3), bool))).all()


def test_one_wild_frame_is_outvoted():
    track = np.tile([10.0, 20.0], (30, 1))
    track[12] = 900.0
    np.testing.assert_allclose(smooth_track(track), np.tile([10.0, 20.0], (30, 1)))


@pytest.mark.parametrize(("edges", "pulled"), [("nearest", False), ("constant", True)])
def test_zeros_beyond_the_ends_pull_a_moving_box(edges, pulled):
    track = np.linspace(100, 200, 40)[:, None]
    assert (smooth_track(track, edges=edges)[-1, 0] < 190) == pulled


def test_boxes_follow_a_person_through_frames_without_keypoints():
    corners = np.array([[0.0, 0.0], [40.0, 100.0]])
    points = corners + 2.0 * np.arange(40)[:, None, None]
    seen = np.ones((40, 2), bool)
    seen[[0, 10, 11, 12, 39]] = False
    boxes = smooth_boxes(points, seen)
    assert np.isnan(boxes[[0, 39]]).all()
    np.testing.assert_allclose(boxes[10:30, :2], points[10:30, 0], atol=0.01)
    np.testing.assert_allclose(boxes[1:39, 2:], np.tile([40.0, 100.0], (38, 1)))
