"""Reading picture files so that a damaged one is noticed: decoders like to fill what is missing with grey."""

from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8

JPEG_START, JPEG_SCAN, JPEG_END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"


class UnreadableImage(Exception):
    """A picture that is missing, truncated or damaged; the text is its path and the reason."""


def read_image(path: Path) -> UInt8[np.ndarray, "height width 3"]:
    """The pixels of a picture file, RGB, as stored: an orientation tag is not applied, as labels ignore it too.

    Raises UnreadableImage.
    """
    return _read(path, cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)


def read_labels(path: Path) -> UInt8[np.ndarray, "height width"]:
    """The pixels of a label picture with one channel of 8 bits. Raises UnreadableImage."""
    labels = _read(path, cv2.IMREAD_UNCHANGED)
    if labels.ndim != 2 or labels.dtype != np.uint8:
        raise UnreadableImage(f"{path} (a label picture has one channel of 8 bits)")
    return labels


def _read(path: Path, flags: int) -> np.ndarray:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableImage(f"{path} ({error.strerror})") from error
    if not data or _is_cut(data):
        raise UnreadableImage(f"{path} (truncated)")
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise UnreadableImage(f"{path} ({error.err})") from error
    if pixels is None:
        raise UnreadableImage(f"{path} (damaged, or not a picture)")
    return pixels


def _is_cut(data: bytes) -> bool:
    """A JPEG without end marker after its first scan. Other formats carry checksums that the decoder looks at."""
    return data.startswith(JPEG_START) and data.rfind(JPEG_END) <= data.find(JPEG_SCAN)
