"""The picture of a sliding patch: 14 heat maps on one sheet."""

from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from benchmarks.occlusion.fourteen import NAMES
from benchmarks.occlusion.heat import at_pixels, levels
from benchmarks.occlusion.provenance import write_whole
from benchmarks.occlusion.sliding import Patch

SIZE, COLUMNS, DPI = 320, 7, 100
COLOURS, SHADE = colormaps["turbo"], 0.5
KEY = "colour: the joint's error with the patch's middle there; ring: the joint; without: its error without the patch"

Crop = UInt8[np.ndarray, "size size 3"]


def draw_grid(
    path: Path,
    crop: Crop,
    values: Float[np.ndarray, "places places 14"],
    clean: Float[np.ndarray, "14"],
    patch: Patch,
    points: Float[np.ndarray, "14 2"],
    title: str,
    together: bool,
) -> None:
    """The heat map of every joint over the crop, in mm, with a ring where the joint is (`points`, pixels of the crop).

    `clean` are the errors without the patch.

    `together`: all have one scale of colours, which shows which joints suffer; else each has its own, which shows from
    where a joint suffers.
    """
    heat = at_pixels(values, patch, len(crop))
    rows = -(-len(NAMES) // COLUMNS)
    figure = Figure(figsize=(2.05 * COLUMNS + 0.9 * together, 2.45 * rows + 0.7), layout="constrained")
    axes = figure.subplots(rows, COLUMNS).ravel()
    for place, (axis, name) in enumerate(zip(axes, NAMES, strict=True)):
        own = values[..., place]
        limits = (values.min(), values.max()) if together else (own.min(), own.max())
        axis.imshow(heated(crop, levels(heat[..., place], *limits)), extent=(0, len(crop), len(crop), 0))
        axis.plot(*points[place], marker="o", markersize=9, fillstyle="none", color="white", markeredgewidth=1.6)
        axis.set(xlim=(0, len(crop)), ylim=(len(crop), 0), xticks=[], yticks=[])
        errors = f"{own.min():.0f} to {own.max():.0f} mm, without {clean[place]:.0f}"
        axis.set_title(f"{name.replace('_', ' ')}\n{errors}", fontsize=9)
    if together:
        scale = ScalarMappable(Normalize(values.min(), values.max()), COLOURS)
        figure.colorbar(scale, ax=list(axes), label="mm", fraction=0.02, pad=0.01)
    figure.suptitle(f"{title}\n{KEY}", fontsize=10)
    write_whole(path, lambda file: figure.savefig(file, format="png", dpi=DPI))


def heated(crop: Crop, heat: Float[np.ndarray, "size size"]) -> Crop:
    """Heat of 0 to 1 as colours, which the crop's light and shade darken: the hue stays that of the scale."""
    light = SHADE + (1 - SHADE) * cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)[..., None] / 255
    return (255 * light * COLOURS(heat)[..., :3]).round().astype(np.uint8)
