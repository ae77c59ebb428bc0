"""Golden PARE: where the patch of the occlusion sensitivity stands, and how many places it has."""

import numpy as np
from golden_crops import GoldenArrays

from hpe.geometry.windows import sliding_windows

CHECKED = ("occlusion/windows", "occlusion/summary")
PREFIX = "occlusion/windows_"


def numbered(side: int, window: int, stride: int) -> np.ndarray:
    """Our windows with their row and column in the map."""
    windows = sliding_windows(side, window, stride)
    size = round(len(windows) ** 0.5)
    return np.column_stack([windows, *np.divmod(np.arange(len(windows)), size)])


def seen(expected: np.ndarray) -> np.ndarray:
    """The golden windows that hide a pixel: where strides are long, the published code has empty ones at the end."""
    return expected[(expected[:, 1] > expected[:, 0]) & (expected[:, 3] > expected[:, 2])]


def test_sliding_windows(arrays: GoldenArrays) -> None:
    names = [name for name in arrays.vectors if name.startswith(PREFIX)]
    assert names
    for name in names:
        found = numbered(*map(int, name.removeprefix(PREFIX).split("_")))
        assert np.array_equal(found, seen(arrays[name])), name


def test_number_of_windows(arrays: GoldenArrays) -> None:
    for side, window, stride, places, total in arrays["occlusion/summary"].tolist():
        assert total == places**2
        hidden = sum(place * stride < side for place in range(places))
        assert len(numbered(side, window, stride)) == hidden**2
