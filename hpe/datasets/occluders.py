"""Occluders pasted over crops: cut-outs of pictures, or procedural polygons, ellipses and limb-like capsules."""

from collections.abc import Sequence

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from hpe.datasets.augmentation import Augmentation
from hpe.datasets.cutouts import Cutout, paste, scaled

# The side of a crop in which a cut-out of scale 1 keeps its pixels, as in synthetic-occlusion (Sarandi et al., 2018).
SCALED_SIDE = 256

Mask = Bool[np.ndarray, "side side"]
Pixels = UInt8[np.ndarray, "side side channels"]


def paste_occluders(
    pixels: Pixels, augmentation: Augmentation, generator: np.random.Generator, cutouts: Sequence[Cutout] = ()
) -> tuple[Pixels, Mask | None]:
    """The crop with random objects over it, and the mask of the pixels that they cover; None where there is no object.

    `cutouts` are what `augmentation.cutout_share` of them are drawn from.
    """
    if generator.random() >= augmentation.occluder_probability:
        return pixels, None
    pixels, covered = pixels.copy(), np.zeros(pixels.shape[:2], dtype=bool)
    least, most = augmentation.occluder_size
    for _ in range(generator.integers(1, augmentation.occluders + 1)):
        size = generator.uniform(least, most) * len(pixels)
        if cutouts and generator.random() < augmentation.cutout_share:
            covered |= _paste_cutout(pixels, cutouts, size, augmentation.cutout_scale, generator)
        else:
            covered |= _paste_object(pixels, size, generator)
    return pixels, covered


def _paste_object(pixels: Pixels, size: float, generator: np.random.Generator) -> Mask:
    mask = draw_shape(len(pixels), size, generator)
    column, row, width, height = cv2.boundingRect(mask.astype(np.uint8))
    window = np.s_[row : row + height, column : column + width]
    pixels[..., :3][window][mask[window]] = draw_texture(height, width, generator)[mask[window]]
    return mask


def _paste_cutout(
    pixels: Pixels,
    cutouts: Sequence[Cutout],
    size: float,
    scale: Sequence[float] | None,
    generator: np.random.Generator,
) -> Mask:
    """A random cut-out, its middle anywhere in the crop; its longer edge has `size` pixels, or its own by `scale`."""
    cutout = cutouts[int(generator.integers(len(cutouts)))]
    side = len(pixels)
    factor = generator.uniform(scale[0], scale[1]) * side / SCALED_SIDE if scale else size / max(cutout.shape[:2])
    return paste(pixels, scaled(cutout, factor), generator.uniform(0, side, 2))


def draw_shape(side: int, size: float, generator: np.random.Generator) -> Mask:
    """A random shape about `size` pixels across, its middle anywhere in the crop."""
    canvas = np.zeros((side, side), dtype=np.uint8)
    outline = [_polygon, _ellipse, _capsule][generator.integers(3)](size / 2, generator)
    turn = generator.uniform(0, 2 * np.pi)
    turned = outline @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    cv2.fillPoly(canvas, [np.rint(turned + generator.uniform(0, side, 2)).astype(np.int32)], 1)
    return canvas.astype(bool)


def draw_texture(height: int, width: int, generator: np.random.Generator) -> UInt8[np.ndarray, "{height} {width} 3"]:
    """Two colours blended by smooth noise, with a finer grain on top: cloth, wood or leaves rather than a blank."""
    cells = int(generator.integers(2, 16))
    blend = cv2.resize(generator.random((cells, cells), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    first, second = generator.uniform(0, 255, (2, 3)).astype(np.float32)
    grain = generator.random((height, width, 1), np.float32) * 40 - 20
    return np.clip(first + (second - first) * blend[..., None] + grain, 0, 255).astype(np.uint8)


def _circle(points: int) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _polygon(radius: float, generator: np.random.Generator) -> np.ndarray:
    corners = int(generator.integers(3, 9))
    return _circle(corners) * radius * generator.uniform(0.5, 1, (corners, 1))


def _ellipse(radius: float, generator: np.random.Generator) -> np.ndarray:
    return _circle(32) * radius * [1, generator.uniform(0.3, 1)]


def _capsule(radius: float, generator: np.random.Generator) -> np.ndarray:
    """A rod with round ends, as wide as an arm or a leg is to its length."""
    thickness = radius * generator.uniform(0.15, 0.4)
    ends = _circle(32)
    return ends * thickness + np.sign(ends[:, :1]) * [radius - thickness, 0]
