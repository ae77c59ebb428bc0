"""Crops as published systems cut them, to reproduce their numbers; they differ from exact ones by up to a pixel.

All are cut out of the whole picture. The affine ones send the crop's centre, in pixels counted from the middle of the
first one, to half the resolution: half a pixel aside.
"""

from collections.abc import Callable

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from scipy import ndimage

from hpe.datasets.geometric import View
from hpe.geometry.crops import turn_matrix

Picture = UInt8[np.ndarray, "height width channels"]
Levels = Float[np.ndarray, "side side channels"]


def spin_crop(picture: Picture, view: View, resolution: int) -> Levels:
    """HMR, SPIN, VIBE, PARE: corners truncated to whole pixels; turned, brought to size, then mirrored.

    Turned and resized as scikit-image does it: bilinear, and before shrinking by a factor f smoothed by a Gaussian of
    deviation (f - 1) / 2.
    """
    low, high = (np.trunc(view.crop[:2] + sign * view.crop[2] / 2).astype(int) for sign in (-1, 1))
    padding = int(np.ceil(0.25 * max(high - low))) + 1 if view.degrees else 0
    square = _window(picture, low - padding, high + padding)
    if padding:
        middle, size = (np.array(square.shape[1::-1]) - 1) / 2, square.shape[1::-1]
        turn = cv2.getRotationMatrix2D(middle.tolist(), -_before_mirror(view), 1)
        square = cv2.warpAffine(square, turn, size)[padding:-padding, padding:-padding]
    factors = np.array([*square.shape[:2], 1]) / [resolution, resolution, 1]
    smooth = ndimage.gaussian_filter(square, np.maximum(0, (factors - 1) / 2), mode="mirror")
    return _mirrored(ndimage.zoom(smooth, 1 / factors, order=1, mode="mirror", grid_mode=True), view)


def affine_crop(picture: Picture, view: View, resolution: int) -> Levels:
    """HybrIK, ProPose, the Parallel-Branch network: mirrored, then one bilinear warp of OpenCV."""
    x, y, side = view.crop
    crop = np.array([picture.shape[1] - 1 - x if view.flip else x, y, side])
    affine = _affine(crop, float(view.degrees), resolution)
    return cv2.warpAffine(_mirrored(picture, view), affine, (resolution, resolution)).astype(np.float64)


def rounded_affine_crop(picture: Picture, view: View, resolution: int) -> Levels:
    """MPQA and CSA: such a warp around a centre and with a side of whole pixels, in floating point; then mirrored."""
    affine = _affine(np.round(view.crop), _before_mirror(view), resolution)
    return _mirrored(cv2.warpAffine(picture.astype(np.float64), affine, (resolution, resolution)), view)


RULES: dict[str, Callable[[Picture, View, int], Levels]] = {
    "spin": spin_crop,
    "affine": affine_crop,
    "rounded_affine": rounded_affine_crop,
}


def _before_mirror(view: View) -> float:
    """Degrees to turn by so that mirroring afterwards gives the view, which is mirrored first."""
    return float(-view.degrees if view.flip else view.degrees)


def _mirrored(pixels: np.ndarray, view: View) -> np.ndarray:
    return np.ascontiguousarray(pixels[:, ::-1]) if view.flip else pixels


def _affine(crop: Float[np.ndarray, "3"], degrees: float, resolution: int) -> np.ndarray:
    """From three points of single precision: the centre, below it, and beside it."""
    offsets = np.array([[0, 0], [0, 0.5], [0.5, 0]])
    turned = (crop[2] * offsets @ turn_matrix(degrees, flip=False)).astype(np.float32)
    here = (resolution * (offsets + 0.5)).astype(np.float32)
    return cv2.getAffineTransform(crop[:2].astype(np.float32) + turned, here)


def _window(picture: Picture, low: np.ndarray, high: np.ndarray) -> Float[np.ndarray, "rows columns channels"]:
    """Pixels from `low` to `high` (x, y), black outside the picture."""
    size = np.array(picture.shape[1::-1])
    window = np.zeros((*(high - low)[::-1], picture.shape[2]), np.float32)
    (left, top), (right, bottom) = np.clip(low, 0, size), np.clip(high, 0, size)
    (x, y) = low
    window[top - y : bottom - y, left - x : right - x] = picture[top:bottom, left:right]
    return window
