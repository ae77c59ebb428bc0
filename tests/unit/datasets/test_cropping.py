"""Crops of pictures decoded at reduced size are those of the whole pictures, to a fraction of a pixel."""

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hpe.datasets import cropping
from hpe.datasets.cropping import check_interpolation, crop_image, crop_labels
from hpe.datasets.geometric import View
from hpe.datasets.images import decode_image
from hpe.datasets.legacy_crops import RULES
from hpe.errors import UserError

SIDE = 32


def smooth(width, height, seed):
    """A picture without detail as fine as the reduction."""
    noise = np.random.default_rng(seed).integers(0, 256, (height // 48 + 2, width // 48 + 2, 3), dtype=np.uint8)
    return cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)


def encoded(picture, suffix, sampling=cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420):
    options = [cv2.IMWRITE_JPEG_QUALITY, 98, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling] if suffix == ".jpg" else []
    return cv2.imencode(suffix, picture[..., ::-1], options)[1].tobytes()


views = st.builds(
    lambda x, y, side, degrees, flip: View(np.array([x, y, side]), np.array(degrees), np.array(flip)),
    st.floats(100, 300),
    st.floats(100, 200),
    st.floats(2 * SIDE, 12 * SIDE),
    st.floats(-60, 60),
    st.booleans(),
)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(view=views, width=st.integers(380, 420), height=st.integers(290, 310), seed=st.integers(0, 9))
def test_reduced_decoding_moves_nothing(suffix, view, width, height, seed):
    picture = smooth(width, height, seed)
    data = encoded(picture, suffix)
    small = crop_image(data, "a", view, SIDE)[..., :3].astype(int)
    times = 13  # large enough a crop for a full decode
    whole = crop_image(data, "a", view, SIDE * times)[..., :3].astype(float)
    expected = whole.reshape(SIDE, times, SIDE, times, 3).mean((1, 3))
    inner = crop_image(encoded(np.full_like(picture, 255), ".png"), "a", view, SIDE)[..., 0] == 255
    inner = cv2.erode(inner.astype(np.uint8), np.ones((3, 3)), borderValue=0).astype(bool)
    assume(inner.sum() > 100)
    # A wrong pixel centre moves it by a quarter or more; a crop at a whole reduction rounds every pixel alike, by 0.05.
    assert np.abs(moved(small, expected, inner)).max() < 0.1
    assert np.abs(small - expected)[inner].mean() < 4  # the smaller is a little smoother


def moved(found, expected, where):
    """How far `found` lies from `expected`, in pixels along columns and rows: the first term of Taylor's series."""
    slopes = np.stack([-slope[where].ravel() for slope in np.gradient(expected, axis=(1, 0))], axis=1)
    return np.linalg.lstsq(slopes, (found - expected)[where].ravel(), rcond=None)[0]


def test_a_quarter_of_a_pixel_would_be_noticed():
    picture = smooth(80, 60, 0).astype(float)
    shifted = cv2.warpAffine(picture, np.array([[1, 0, 0.25], [0, 1, -0.1]]), (80, 60))
    inner = np.zeros((60, 80), bool)
    inner[5:-5, 5:-5] = True
    assert np.allclose(moved(shifted, picture, inner), [0.25, -0.1], atol=0.03)


@pytest.mark.parametrize("reduction", [1, 2, 4, 8])
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("size", [(160, 96), (157, 91)])
def test_a_pixel_of_a_reduced_picture_is_the_mean_of_a_square(reduction, suffix, size):
    picture = smooth(*size, 0)
    found = decode_image(encoded(picture, suffix), "a", reduction)[..., :3].astype(float)
    padded = np.pad(picture, [(0, -size[1] % reduction), (0, -size[0] % reduction), (0, 0)], mode="edge").astype(float)
    height, width = (length // reduction for length in padded.shape[:2])
    squares = padded.reshape(height, reduction, width, reduction, 3).mean((1, 3))
    assert found.shape == squares.shape
    assert np.abs(found - squares).mean() < 1


@pytest.mark.parametrize("sampling", [cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422])
def test_colour_is_where_brightness_is(sampling):
    picture = smooth(160, 96, 1)
    found = decode_image(encoded(picture, ".jpg", sampling), "a", 2)[..., :3].astype(float)
    assert np.abs(found - picture.reshape(48, 2, 80, 2, 3).mean((1, 3))).mean() < 1


def test_no_more_is_decoded_than_the_crop_needs(monkeypatch):
    asked = []
    original = cropping.decode_image
    monkeypatch.setattr(cropping, "decode_image", lambda *said: asked.append(said[2]) or original(*said))
    data = encoded(smooth(400, 300, 0), ".jpg")
    for side in (63.9, 64, 127, 128, 256, 9999):
        crop_image(data, "a", View(np.array([200.0, 150.0, side]), np.array(0.0), np.array(False)), SIDE)
    assert asked == [1, 2, 2, 4, 8, 8]


def test_labels_are_never_mixed():
    picture = np.random.default_rng(0).choice(np.array([0, 7, 200], np.uint8), (60, 80))
    view = View(np.array([40.0, 30.0, 70.0]), np.array(20.0), np.array(True))
    assert set(np.unique(crop_labels(picture, view, SIDE))) == {0, 7, 200}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("flip", [False, True])
def test_published_rules_show_the_same_within_a_pixel(rule, flip):
    picture = smooth(400, 300, 3)
    view = View(np.array([190.0, 160.0, 150.0]), np.array(20.0), np.array(flip))
    exact, legacy = (crop_image(encoded(picture, ".png"), "a", view, 64, name).astype(int) for name in ("exact", rule))
    off = np.abs(exact - legacy)[4:-4, 4:-4].mean()
    assert 0 < off < 10
    assert off < np.abs(exact - legacy[:, ::-1])[4:-4, 4:-4].mean() / 3


def test_a_rule_that_there_is_not_is_one_line():
    with pytest.raises(UserError, match=r"data\.interpolation=spinn: no such way of cutting; did you mean 'spin'"):
        check_interpolation("spinn")
