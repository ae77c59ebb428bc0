"""Decoding pictures so that a damaged one is noticed: decoders like to fill what is missing with grey.

JPEGs are decoded by libjpeg-turbo, at a half, a quarter or an eighth of their size where less is enough: it then leaves
out the fine frequencies of every 8 x 8 block, which is quicker and does not alias. A fourth channel without a meaning
halves the time of the warp that follows.
"""

import os
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from jaxtyping import UInt8

JPEG_START, JPEG_SCAN, JPEG_END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"


class UnreadableImage(Exception):
    """A picture that is missing, truncated or damaged; the text is its path and the reason."""


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """A picture file as it is. Raises UnreadableImage where there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UnreadableImage(f"{path} ({error.strerror})") from error


def read_image(path: Path) -> UInt8[np.ndarray, "height width 3"]:
    """The pixels of a picture file, RGB, as stored: an orientation tag is not applied, as labels ignore it too.

    Raises UnreadableImage.
    """
    return np.ascontiguousarray(decode_image(read_bytes(path), str(path))[..., :3])


def decode_image(data: bytes, name: str, reduction: int = 1) -> UInt8[np.ndarray, "height width channels"]:
    """The pixels of a picture, RGB and maybe a fourth channel to be ignored, `reduction` (1, 2, 4 or 8) times smaller.

    A pixel of the result is a square of `reduction` pixels a side, from the left upper corner on; the last ones are
    filled up with the picture's edge. `name` is for what is said of it. Raises UnreadableImage.
    """
    _refuse_cut(data, name)
    if data.startswith(JPEG_START):
        try:
            height, width, *_ = simplejpeg.decode_jpeg_header(data)
            least = {"min_height": -(-height // reduction), "min_width": -(-width // reduction)}
            return simplejpeg.decode_jpeg(data, "RGBX", **least)
        except ValueError:
            pass  # What libjpeg warns of, and four inks, are left to the more tolerant reader below.
    return _reduced(_decode(data, name, cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION), reduction)


def decode_labels(data: bytes, name: str) -> UInt8[np.ndarray, "height width"]:
    """The pixels of a label picture with one channel of 8 bits. Raises UnreadableImage."""
    _refuse_cut(data, name)
    labels = _decode(data, name, cv2.IMREAD_UNCHANGED)
    if labels.ndim != 2 or labels.dtype != np.uint8:
        raise UnreadableImage(f"{name} (a label picture has one channel of 8 bits)")
    return labels


def _refuse_cut(data: bytes, name: str) -> None:
    """A JPEG ends in a marker after its first scan. Other formats carry checksums that the decoder looks at."""
    if not data or (data.startswith(JPEG_START) and data.rfind(JPEG_END) <= data.find(JPEG_SCAN)):
        raise UnreadableImage(f"{name} (truncated)")


def _decode(data: bytes, name: str, flags: int) -> np.ndarray:
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise UnreadableImage(f"{name} ({error.err})") from error
    if pixels is None:
        raise UnreadableImage(f"{name} (damaged, or not a picture)")
    return pixels


def _reduced(pixels: UInt8[np.ndarray, "height width 3"], reduction: int) -> UInt8[np.ndarray, "smaller narrower 3"]:
    if reduction == 1:
        return pixels
    height, width = pixels.shape[:2]
    padded = cv2.copyMakeBorder(pixels, 0, -height % reduction, 0, -width % reduction, cv2.BORDER_REPLICATE)
    size = padded.shape[1] // reduction, padded.shape[0] // reduction
    return cv2.resize(padded, size, interpolation=cv2.INTER_AREA)
