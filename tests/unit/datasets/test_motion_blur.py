import cv2
import numpy as np
import pytest

from hpe.datasets.augmentation import Augmentation
from hpe.datasets.motion_blur import blurred, line_kernel

PICTURE = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
ALWAYS, NEVER = Augmentation(blur_probability=1.0), Augmentation()


@pytest.mark.parametrize("length", [3, 5, 7])
def test_a_line_reaches_both_edges_through_the_middle(length):
    for angle in np.linspace(0, np.pi, 16, endpoint=False):
        kernel = line_kernel(length, angle)
        assert kernel.sum() == pytest.approx(1)
        assert (kernel > 0).sum() == length
        assert kernel[length // 2, length // 2] > 0


def test_lines_lie_as_they_are_turned():
    np.testing.assert_allclose(line_kernel(5, 0.0), np.eye(5)[[2]].T * np.ones((1, 5)) / 5)
    np.testing.assert_allclose(line_kernel(5, np.pi / 4), np.eye(5) / 5, rtol=1e-6)


def test_blur_keeps_the_mean_and_takes_the_detail():
    found = blurred(PICTURE, ALWAYS, np.random.default_rng(1))
    assert found.mean() == pytest.approx(PICTURE.mean(), abs=2)
    assert found.std() < 0.7 * PICTURE.std()


def test_every_length_up_to_the_longest_is_drawn():
    dot = np.zeros((15, 15, 3), np.uint8)
    dot[7, 7] = 255
    lengths = {cv2.boundingRect(blurred(dot, ALWAYS, np.random.default_rng(seed))[..., 0])[2:] for seed in range(60)}
    assert {max(size) for size in lengths} == {3, 5, 7}


def test_without_blur_nothing_is_drawn_or_changed():
    generator = np.random.default_rng(2)
    assert blurred(PICTURE, NEVER, generator) is PICTURE
    assert generator.random() == np.random.default_rng(2).random()
