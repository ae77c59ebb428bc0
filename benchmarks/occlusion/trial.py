"""Everybody behind every occluder, as every system sees it: the same people and the same layers for all of them."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import roma
import torch
from jaxtyping import Float, Int
from rich.progress import track
from torch import Tensor

from benchmarks.occlusion.measured import NOWHERE, Person
from benchmarks.occlusion.models import Model
from benchmarks.occlusion.occluders import SIDE, Layer, Occluder, resized
from hpe.datasets.augmentation import NO_AUGMENTATION
from hpe.datasets.crops_dataset import CropSettings, PersonCrops, SampleKey
from hpe.datasets.skips import SkipCounter
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.runs.evaluation import device
from hpe.types import Batch

NONE = "none"
SAID = ("pose", "betas")


@dataclass(frozen=True)
class Trial:
    """`shown` has a row a person and layer, and one a person without a layer (kind `none`): `row` in the store, `kind`,
    `size`, and what `Person.hidden` measures. `said` holds pose (axis-angle) and betas of the same rows by system.
    """

    shown: pd.DataFrame
    said: dict[str, dict[str, np.ndarray]]
    skipped: list[str]


@torch.inference_mode()
def trial(
    models: Sequence[Model],
    store: Store,
    rows: Int[np.ndarray, " people"],
    kinds: Mapping[str, Occluder],
    sizes: Sequence[float],
    seed: int,
) -> Trial:
    """Show the people of `rows` to all systems, without an occluder and behind each kind in each size.

    The layers of a person follow from the seed and the row alone. Raises UserError where too many pictures cannot be
    read, and for a system without a body.
    """
    measured = scenes(models[0], store)
    crops = {model.name: PersonCrops([store], _as_it_is(model.data.settings)) for model in models}
    skips, shown = SkipCounter(len(rows)), []
    said: dict[str, list[tuple[np.ndarray, ...]]] = {model.name: [] for model in models}
    for row in track(rows.tolist(), "occluding", transient=True, disable=not sys.stdout.isatty()):
        scene = measured[SampleKey(0, row)]
        skips.update(scene)
        if len(scene) == 0:
            continue
        table, layers = _hidden(Person(scene), kinds, sizes, seed, row)
        shown.append(table)
        for model in models:
            said[model.name].append(_said(model, crops[model.name][SampleKey(0, row)], layers))
    if not shown:
        raise UserError(f"{store.name} {store.split}: no picture of the chosen people can be read")
    columns = {
        name: dict(zip(SAID, map(np.concatenate, zip(*parts, strict=True)), strict=True))
        for name, parts in said.items()
    }
    return Trial(pd.concat(shown, ignore_index=True), columns, list(skips.names))


def _hidden(
    person: Person, kinds: Mapping[str, Occluder], sizes: Sequence[float], seed: int, row: int
) -> tuple[pd.DataFrame, list[Layer]]:
    """The rows of one person, the first without a layer, and the layers of the others."""
    over = list(drawn(person, kinds, sizes, seed, row))
    layers = [layer for _, _, layer in over]
    clear = pd.DataFrame({"row": [row], "kind": [NONE], "size": [0.0], "occlusion": [0.0], "position": [NOWHERE]})
    named = pd.DataFrame({"row": row, "kind": [kind for kind, _, _ in over], "size": [size for _, size, _ in over]})
    return pd.concat([clear, named.join(person.hidden(layers))], ignore_index=True), layers


def _as_it_is(settings: CropSettings) -> CropSettings:
    return replace(settings, augmentation=NO_AUGMENTATION, part_resolution=None)


def scenes(model: Model, store: Store) -> PersonCrops:
    """Crops with part maps, of the side that layers have."""
    settings = _as_it_is(model.data.settings)
    return PersonCrops([store], replace(settings, resolution=SIDE, part_resolution=SIDE))


def drawn(
    person: Person, kinds: Mapping[str, Occluder], sizes: Sequence[float], seed: int, row: int
) -> Iterator[tuple[str, float, Layer]]:
    """Kind, size and layer. What is drawn of one kind and size does not depend on which others are asked for."""
    for name, kind in kinds.items():
        for size in sizes:
            words = np.frombuffer(f"{name} {size:.6f}".encode(), np.uint8).tolist()
            generator = np.random.default_rng([seed, row, *words])
            yield name, size, kind.draw(person.points, size, generator)


def _said(model: Model, crop: Batch, layers: Sequence[Layer]) -> tuple[np.ndarray, np.ndarray]:
    """Pose and betas of the person without a layer and under each of them."""
    images = torch.cat([crop.image, under(crop.image, layers, model)])
    poses, betas = [], []
    for start in range(0, len(images), model.data.batch_size):
        some = images[start : start + model.data.batch_size]
        batch = replace(crop[torch.zeros(len(some), dtype=torch.long)], image=some, joint_set="smpl_24")
        found = model.system(batch.to(device()))
        if found.rotmats is None or found.betas is None:
            raise UserError(f"{model.path}: {model.name} predicts no body, which the errors are measured on")
        poses.append(roma.rotmat_to_rotvec(found.rotmats).flatten(1).cpu().numpy())
        betas.append(found.betas.cpu().numpy())
    return np.concatenate(poses), np.concatenate(betas)


def under(
    image: Float[Tensor, "1 3 side side"], layers: Sequence[Layer], model: Model
) -> Float[Tensor, "layers 3 side side"]:
    """The crop under each layer, normalised as the system's backbone wants it."""
    colour = model.system.backbone.preprocessing
    mean, deviation = (torch.tensor(values)[:, None, None] for values in (colour.mean, colour.std))
    side = image.shape[-1]
    over = torch.from_numpy(np.stack([resized(layer, side) for layer in layers])).permute(0, 3, 1, 2) / 255
    alpha = over[:, 3:]
    return image * (1 - alpha) + (over[:, :3] - alpha * mean) / deviation
