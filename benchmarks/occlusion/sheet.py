"""A sheet of people behind occluders: of what kind and size, and the share of each that was measured as hidden."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import UInt8

from benchmarks.occlusion.lettering import lettered
from benchmarks.occlusion.measured import Person
from benchmarks.occlusion.models import Model
from benchmarks.occlusion.occluders import SIDE, Layer, Occluder
from benchmarks.occlusion.trial import drawn, scenes
from hpe.datasets.crops_dataset import SampleKey
from hpe.datasets.store import Store
from hpe.rendering.overlay import contact_sheet
from hpe.runs.pictures import crop_pixels

Picture = UInt8[np.ndarray, "height width 3"]


def sheet(
    model: Model, store: Store, rows: Sequence[int], kinds: Mapping[str, Occluder], sizes: Sequence[float], seed: int
) -> Picture | None:
    """A row of pictures a kind, a column a size, another person in every row; None where no picture can be read."""
    crops, lines = scenes(model, store), []
    for row, name in zip(rows, kinds, strict=False):
        scene = crops[SampleKey(0, row)]
        if len(scene) == 0:
            continue
        person = Person(scene)
        layers = [layer for _, _, layer in drawn(person, {name: kinds[name]}, sizes, seed, row)]
        (crop,) = crop_pixels(model.system, scene, SIDE)
        shares = person.hidden(layers)["occlusion"]
        hidden = [_hidden(behind(crop, layer), share) for layer, share in zip(layers, shares, strict=True)]
        lines.append([lettered(one, f"{name}, size {size:g}", "top") for one, size in zip(hidden, sizes, strict=True)])
    return contact_sheet(lines) if lines else None


def behind(crop: Picture, layer: Layer) -> Picture:
    """A crop with a layer over it."""
    clear = 1 - layer[..., 3:] / 255
    return (crop * clear + layer[..., :3]).round().clip(0, 255).astype(np.uint8)


def _hidden(picture: Picture, share: float) -> Picture:
    return lettered(picture, "unknown" if np.isnan(share) else f"{100 * share:.0f} % hidden")
