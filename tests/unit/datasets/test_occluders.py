import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
from hpe.datasets.labels import uncovered
from hpe.datasets.occluders import draw_shape, paste_occluders

ALWAYS = Augmentation(occluder_probability=1.0)


@pytest.fixture
def pixels():
    return np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)


@pytest.mark.parametrize("seed", range(20))
def test_only_covered_pixels_change(pixels, seed):
    pasted, covered = paste_occluders(pixels, ALWAYS, np.random.default_rng(seed))
    assert np.array_equal(pasted[~covered], pixels[~covered])
    assert (pasted != pixels).any(-1)[covered].mean() > 0.99


def test_occluders_come_as_often_as_asked(pixels):
    generator = np.random.default_rng(0)
    half = Augmentation(occluder_probability=0.5)
    assert np.mean([paste_occluders(pixels, half, generator)[1].any() for _ in range(400)]) == pytest.approx(
        0.5, abs=0.1
    )
    assert not paste_occluders(pixels, NO_AUGMENTATION, generator)[1].any()


@given(seed=st.integers(0, 9999), size=st.floats(6, 60))
def test_shapes_are_no_larger_than_asked(seed, size):
    rows, columns = np.nonzero(draw_shape(64, size, np.random.default_rng(seed)))
    assert len(rows) > 0
    assert np.hypot(np.ptp(rows), np.ptp(columns)) <= np.sqrt(2) * (size + 2)


def test_covered_joints_and_joints_outside_are_hidden():
    covered = np.zeros((4, 4), dtype=bool)
    covered[1, 2] = True  # crop units: x from 0 to 0.5, y from -0.5 to 0
    points = np.array([[0.25, -0.25], [0.49, -0.01], [0.51, -0.25], [-0.9, 0.9], [1.2, 0.0], [0.0, -1.1]])
    assert uncovered(points, covered).tolist() == [False, False, True, True, False, False]
