import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe.geometry.windows import sliding_windows


@given(st.integers(1, 80), st.integers(1, 80), st.integers(1, 20))
@settings(max_examples=50, deadline=None)
def test_windows_are_inside_and_reach_both_edges(side, window, stride):
    window = min(side, window)
    windows = sliding_windows(side, window, stride)
    assert windows.min() == 0
    assert windows.max() == side if stride <= window else windows.max() <= side
    assert (windows[:, [1, 3]] > windows[:, [0, 2]]).all()


def test_neighbouring_windows_leave_no_pixel_out():
    covered = np.zeros((224, 224), int)
    for top, bottom, left, right in sliding_windows(224, 40, 40):
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()


def test_windows_come_row_by_row():
    assert sliding_windows(4, 2, 2).tolist() == [[0, 2, 0, 2], [0, 2, 2, 4], [2, 4, 0, 2], [2, 4, 2, 4]]
