"""The pixels of a crop: the picture is decoded no larger than the crop needs, and resampled once."""

import cv2
import numpy as np
from jaxtyping import UInt8

from hpe.datasets.geometric import View
from hpe.datasets.images import decode_image
from hpe.datasets.legacy_crops import RULES
from hpe.errors import UserError, did_you_mean
from hpe.geometry.crops import pixel_affine

REDUCTIONS = (8, 4, 2)
EXACT = "exact"


def check_interpolation(name: str) -> None:
    """Raise UserError for a way of cutting that there is not."""
    if name != EXACT and name not in RULES:
        raise UserError(f"data.interpolation={name}: no such way of cutting; {did_you_mean(name, [EXACT, *RULES])}")


def crop_image(
    data: bytes, name: str, view: View, resolution: int, interpolation: str = EXACT
) -> UInt8[np.ndarray, "side side channels"]:
    """What `view`, of one person, shows of an encoded picture; black outside it.

    `interpolation` is "exact" or, to reproduce published numbers, a key of `legacy_crops.RULES`. The result is RGB and
    maybe a fourth channel to be ignored. Raises UnreadableImage.
    """
    if interpolation != EXACT:
        return np.rint(RULES[interpolation](decode_image(data, name), view, resolution)).astype(np.uint8)
    reduction = next((times for times in REDUCTIONS if view.crop[2] >= times * resolution), 1)
    picture = decode_image(data, name, reduction)
    return cv2.warpAffine(picture, pixel_affine(view.affine, resolution, reduction), (resolution, resolution))


def crop_labels(
    picture: UInt8[np.ndarray, "height width"], view: View, resolution: int
) -> UInt8[np.ndarray, "side side"]:
    """The same of a picture of labels, which must not be mixed: each pixel is the nearest; 0 outside."""
    affine, size = pixel_affine(view.affine, resolution), (resolution, resolution)
    return cv2.warpAffine(picture, affine, size, flags=cv2.INTER_NEAREST)
