"""People cut out of pictures: augmented samples by key, the same on every machine and in every worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor
from torch.utils.data import Dataset

from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
from hpe.datasets.canvas import Canvas, blank
from hpe.datasets.colour import draw_gain, normalise
from hpe.datasets.cropping import EXACT, crop_image
from hpe.datasets.geometric import View, draw_views
from hpe.datasets.images import UnreadableImage
from hpe.datasets.labels import Labels, label_groups
from hpe.datasets.motion_blur import blurred
from hpe.datasets.occluders import paste_occluders
from hpe.datasets.occlusion import occlusion
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
    `interpolation` is "exact" or a key of `legacy_crops.RULES`.
    """

    resolution: int
    joint_set: str
    margin: float
    mean: Sequence[float]
    deviation: Sequence[float]
    part_resolution: int | None = None
    seed: int = 0
    augmentation: Augmentation = field(default=NO_AUGMENTATION)
    interpolation: str = EXACT


class PersonCrops(Dataset[Batch]):
    """Crops of the people in one or several stores, a batch of them at once, looked up by `SampleKey`.

    People whose picture cannot be read are left out; the batch names in `skipped` the picture and what is wrong.
    """

    def __init__(self, stores: Sequence[Store], settings: CropSettings) -> None:
        self.stores, self.settings = list(stores), settings
        groups = label_groups(self.stores)
        self._labels = [Labels(store, settings.joint_set, groups) for store in self.stores]
        cutouts = settings.augmentation.cutouts
        self._cutouts = [] if cutouts is None else cutouts.load(self.stores)

    def __len__(self) -> int:
        return sum(map(len, self.stores))

    def __getitem__(self, key: SampleKey) -> Batch:
        """A batch of one, or of none where its picture cannot be read."""
        return self.__getitems__([key])

    def __getitems__(self, keys: Sequence[SampleKey]) -> Batch:
        """The batch of these people; a DataLoader calls this by name."""
        settings = self.settings
        generators = [np.random.default_rng([settings.seed, k.epoch, k.draw, k.dataset, k.row]) for k in keys]
        boxes = np.stack([self.stores[key.dataset]["box"][key.row] for key in keys])
        views = draw_views(square_crop(boxes, settings.margin), settings.augmentation, generators)
        occluded = settings.augmentation.occluder_probability > 0
        image, canvas = blank(len(keys), settings.resolution, settings.part_resolution, occluded)
        readable: list[int] = []
        skipped: list[str] = []
        for number, (key, generator) in enumerate(zip(keys, generators, strict=True)):
            try:
                self._draw(canvas, len(readable), key, views[number], generator)
                readable.append(number)
            except UnreadableImage as error:
                skipped.append(str(error))
        return self._batch(np.array(keys).reshape(-1, 4)[readable], views[readable], image, canvas, tuple(skipped))

    def _draw(self, canvas: Canvas, place: int, key: SampleKey, view: View, generator: np.random.Generator) -> None:
        settings, store = self.settings, self.stores[key.dataset]
        encoded = store.picture(str(store["image"][key.row]))
        pixels = crop_image(*encoded, view, settings.resolution, settings.interpolation)
        pixels, covered = paste_occluders(pixels, settings.augmentation, generator, self._cutouts)
        pixels = blurred(pixels, settings.augmentation, generator)
        gain = draw_gain(settings.augmentation.colour_gain, generator)
        normalise(pixels, gain, settings.mean, settings.deviation, canvas.image[place])
        if canvas.covered is not None:
            canvas.covered[place] = False if covered is None else covered
        if canvas.parts is not None:
            canvas.parts[place] = part_map(store, key.row, view, canvas.parts.shape[-1])

    def _batch(
        self, keys: Int[np.ndarray, "people 4"], views: View, image: Tensor, canvas: Canvas, skipped: tuple[str, ...]
    ) -> Batch:
        parts, covered = (None if values is None else values[: len(keys)] for values in (canvas.parts, canvas.covered))
        fields = self._labelled(keys, views, covered)
        if covered is not None:
            fields |= occlusion(fields, parts, covered) | {"covered": torch.from_numpy(covered)}
        return Batch(
            image=image[: len(keys)],
            sample=torch.from_numpy(keys[:, 1].copy()),
            dataset=torch.from_numpy(keys[:, 0].copy()),
            crop=torch.from_numpy(views.crop.astype(np.float32)),
            parts=None if parts is None else torch.from_numpy(parts),
            joint_set=self.settings.joint_set,
            skipped=skipped,
            **fields,
        )

    def _labelled(self, keys: np.ndarray, views: View, covered: np.ndarray | None) -> dict[str, Any]:
        """Labels and picture sizes, store by store, put back into the order of the batch."""
        found, places = [], []
        for number, (store, labels) in enumerate(zip(self.stores, self._labels, strict=True)):
            here = np.flatnonzero(keys[:, 0] == number)
            if len(here) or not len(keys):
                size = {"image_size": torch.from_numpy(store["image_size"][keys[here, 1]])}
                masks = None if covered is None else covered[here]
                found.append(size | labels(keys[here, 1], views[here], masks))
                places.append(here)
        order = torch.from_numpy(np.argsort(np.concatenate(places)))
        if len(found) == 1:
            return found[0]
        return {name: torch.cat([fields[name] for fields in found])[order] for name in found[0]}
