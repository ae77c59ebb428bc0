import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
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
    assert np.mean([paste_occluders(pixels, half, generator)[1] is not None for _ in range(400)]) == pytest.approx(
        0.5, abs=0.1
    )
    assert paste_occluders(pixels, NO_AUGMENTATION, generator)[1] is None


@given(seed=st.integers(0, 9999), size=st.floats(6, 60))
def test_shapes_are_no_larger_than_asked(seed, size):
    rows, columns = np.nonzero(draw_shape(64, size, np.random.default_rng(seed)))
    assert len(rows) > 0
    assert np.hypot(np.ptp(rows), np.ptp(columns)) <= np.sqrt(2) * (size + 2)


def test_cutouts_are_pasted_as_large_as_asked(pixels):
    square = np.full((10, 20, 4), 255, np.uint8)
    augmentation = Augmentation(occluder_probability=1.0, occluders=1, occluder_size=(0.5, 0.5))
    for seed in range(20):
        before = pixels.copy()
        pasted, covered = paste_occluders(pixels, augmentation, np.random.default_rng(seed), [square])
        assert (pasted[covered] == 255).all()
        assert np.array_equal(pasted[~covered], before[~covered])
        assert covered.any(0).sum() <= 32
        assert covered.any(1).sum() <= 16
        assert np.array_equal(pixels, before)


def test_a_share_of_the_occluders_are_cutouts(pixels):
    red = np.tile(np.array([255, 0, 0, 255], np.uint8), (8, 8, 1))
    augmentation = Augmentation(occluder_probability=1.0, occluders=1, occluder_size=(0.3, 0.3), cutout_share=0.25)
    generator = np.random.default_rng(0)
    drawn = [paste_occluders(pixels, augmentation, generator, [red]) for _ in range(400)]
    ours = [(pasted[covered] == [255, 0, 0]).all() for pasted, covered in drawn if covered.any()]
    assert np.mean(ours) == pytest.approx(0.25, abs=0.07)


def test_cutouts_of_their_own_size_are_scaled_with_the_crop(pixels):
    square = np.full((40, 80, 4), 255, np.uint8)
    scaled = Augmentation(occluder_probability=1.0, occluders=1, cutout_scale=(0.5, 1.0))
    sizes = []
    for seed in range(60):
        _, covered = paste_occluders(pixels, scaled, np.random.default_rng(seed), [square])
        sizes.append((covered.any(0).sum(), covered.any(1).sum()))
    width, height = np.max(sizes, 0)
    # The crop is a quarter of 256 pixels wide.
    assert 18 <= width <= 20
    assert 9 <= height <= 10
