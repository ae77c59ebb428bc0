"""Cut-outs: objects taken out of pictures with their transparency, to be pasted over people."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import cv2
import numpy as np
from jaxtyping import Bool, Float, Num, UInt8

from hpe.datasets.store import Store

Cutout = UInt8[np.ndarray, "rows columns 4"]
# Soft edges, as in synthetic-occlusion (Sarandi et al., IROS workshops 2018): the rim of an object is a quarter clear.
RIM, RIM_ALPHA = 8, 192


class Cutouts(ABC):
    """Where cut-outs come from."""

    @abstractmethod
    def load(self, stores: Sequence[Store]) -> list[Cutout]:
        """All cut-outs, the same whenever it is called; `stores` are those that are trained on.

        Raises UserError where there is none.
        """


def cut_out(picture: UInt8[np.ndarray, "height width 3"], mask: Bool[np.ndarray, "height width"]) -> Cutout:
    """What `mask` (not empty) marks of a picture, at half its size."""
    column, row, width, height = cv2.boundingRect(mask.astype(np.uint8))
    window = np.s_[row : row + height, column : column + width]
    solid = mask[window].astype(np.uint8)
    rim = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (RIM, RIM))
    inner = cv2.erode(solid, rim, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    alpha = np.where(inner > 0, 255, solid * RIM_ALPHA).astype(np.uint8)
    return scaled(np.dstack([picture[window], alpha]), 0.5)


def scaled(cutout: Cutout, factor: float) -> UInt8[np.ndarray, "height width 4"]:
    """Made larger by bilinear interpolation, or smaller by area; at least a pixel a side."""
    height, width = (max(1, round(size * factor)) for size in cutout.shape[:2])
    method = cv2.INTER_LINEAR if factor > 1 else cv2.INTER_AREA
    return cv2.resize(cutout, (width, height), interpolation=method)


def paste(
    pixels: Num[np.ndarray, "height width channels"], cutout: Cutout, centre: Float[np.ndarray, "2"]
) -> Bool[np.ndarray, "height width"]:
    """Blend a cut-out into the first three channels, its middle at `centre` (x, y); returns what it covers by half."""
    place = np.zeros((2, 2), dtype=int)
    size, place[0] = np.array(cutout.shape[1::-1]), np.round(centre).astype(int)
    place[0] -= size // 2
    place[1] = place[0] + size
    low, high = np.clip(place, 0, pixels.shape[1::-1])
    covered = np.zeros(pixels.shape[:2], dtype=bool)
    target = np.s_[low[1] : high[1], low[0] : high[0]]
    part = cutout[low[1] - place[0, 1] : high[1] - place[0, 1], low[0] - place[0, 0] : high[0] - place[0, 0]]
    alpha = part[..., 3:].astype(np.float32) / 255
    blended = alpha * part[..., :3] + (1 - alpha) * pixels[target][..., :3]
    pixels[target][..., :3] = blended.astype(pixels.dtype)
    covered[target] = part[..., 3] > 127
    return covered
