import numpy as np

from hpe.datasets.colour import draw_gain, normalise

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def test_table_equals_arithmetic():
    generator = np.random.default_rng(0)
    pixels, gain = generator.integers(0, 256, (6, 5, 3), dtype=np.uint8), np.array([0.6, 1.0, 1.4])
    expected = (np.clip(pixels * gain, 0, 255) / 255 - MEAN) / DEVIATION
    image = normalise(pixels, gain, MEAN, DEVIATION)
    assert np.allclose(image, expected.transpose(2, 0, 1), atol=1e-6)


def test_gain_stays_in_range_and_is_one_without_spread():
    gains = np.array([draw_gain(0.4, np.random.default_rng(seed)) for seed in range(200)])
    assert 0.6 <= gains.min() < 0.65
    assert 1.35 < gains.max() <= 1.4
    assert draw_gain(0.0, np.random.default_rng(0)).tolist() == [1, 1, 1]
