"""People cut out of pictures: one augmented sample a key, the same on every machine and in every worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import UInt8
from torch.utils.data import Dataset

from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
from hpe.datasets.colour import draw_gain, normalise
from hpe.datasets.geometric import View, draw_view
from hpe.datasets.images import UnreadableImage, read_image
from hpe.datasets.labels import Labels, label_groups
from hpe.datasets.occluders import paste_occluders
from hpe.datasets.part_maps import part_map
from hpe.datasets.store import Store
from hpe.geometry.crops import square_crop
from hpe.types import Batch


class SampleKey(NamedTuple):
    """Names a sample and all of its randomness: store number, row, epoch, and how often the row came before."""

    dataset: int
    row: int
    epoch: int = 0
    draw: int = 0


@dataclass(frozen=True)
class CropSettings:
    """How crops are made: `resolution` pixels a side, box enlarged by `margin`, joints in `joint_set` order.

    `mean` and `deviation` a channel normalise pixels scaled to 0..1. `part_resolution` asks for part maps.
    """

    resolution: int
    joint_set: str
    margin: float
    mean: Sequence[float]
    deviation: Sequence[float]
    part_resolution: int | None = None
    seed: int = 0
    augmentation: Augmentation = field(default=NO_AUGMENTATION)


class PersonCrops(Dataset[Batch]):
    """Crops of the people in one or several stores, looked up by `SampleKey`.

    A sample is a `Batch` without leading axis. One whose picture cannot be read is black and carries the
    picture's name and what is wrong in `skipped`; `collate` leaves it out.
    """

    def __init__(self, stores: Sequence[Store], settings: CropSettings) -> None:
        self.stores, self.settings = list(stores), settings
        groups = label_groups(self.stores)
        self._labels = [Labels(store, settings.joint_set, groups) for store in self.stores]

    def __len__(self) -> int:
        return sum(map(len, self.stores))

    def __getitem__(self, key: SampleKey) -> Batch:
        settings, store = self.settings, self.stores[key.dataset]
        generator = np.random.default_rng([settings.seed, key.epoch, key.draw, key.dataset, key.row])
        view = draw_view(square_crop(store["box"][key.row], settings.margin), settings.augmentation, generator)
        pixels, skipped = self._picture(key, view)
        pixels, covered = paste_occluders(pixels, settings.augmentation, generator)
        gain = draw_gain(settings.augmentation.colour_gain, generator)
        fields = self._labels[key.dataset](key.row, view, covered)
        if settings.part_resolution is not None and not skipped:
            fields |= self._parts(key, view, covered)
        return Batch(
            image=torch.from_numpy(normalise(pixels, gain, settings.mean, settings.deviation)),
            sample=torch.tensor(key.row),
            dataset=torch.tensor(key.dataset),
            crop=torch.from_numpy(view.crop.astype(np.float32)),
            image_size=torch.from_numpy(store["image_size"][key.row]),
            **{"skipped": skipped} | fields,
        )

    def _picture(self, key: SampleKey, view: View) -> tuple[UInt8[np.ndarray, "side side 3"], tuple[str, ...]]:
        """The crop's pixels, and what is wrong with the picture, if anything."""
        store, resolution = self.stores[key.dataset], self.settings.resolution
        try:
            return view.warp(read_image(store.image_root / str(store["image"][key.row])), resolution), ()
        except UnreadableImage as error:
            return np.zeros((resolution, resolution, 3), dtype=np.uint8), (str(error),)

    def _parts(self, key: SampleKey, view: View, covered: np.ndarray) -> dict[str, Any]:
        store, resolution = self.stores[key.dataset], self.settings.part_resolution
        try:
            return {"parts": part_map(store, key.row, view, covered, resolution or 0)}
        except UnreadableImage as error:
            return {"skipped": (str(error),)}
