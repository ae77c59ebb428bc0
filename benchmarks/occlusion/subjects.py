"""Who is occluded: people of a data set with their true bodies, and people in photographs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import DictConfig, ListConfig

from benchmarks.occlusion.models import Model
from hpe.assembly import build_bodies, build_card
from hpe.datasets.augmentation import NO_AUGMENTATION
from hpe.datasets.crops_dataset import PersonCrops, SampleKey
from hpe.datasets.schema import GENDERS
from hpe.datasets.sources import named_store
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.runs.evaluation import device
from hpe.runs.photographs import person_crop, read_photograph, sources
from hpe.types import Batch, BodyOutput


@dataclass(frozen=True)
class Subject:
    """One person: `name` for files, the batch of one that the system sees, and the true body where it is known."""

    name: str
    source: str
    batch: Batch
    truth: BodyOutput | None = None


def subjects(config: DictConfig, model: Model) -> Iterator[Subject]:
    """The people of `source`, or of the data set where that is null. Raises UserError for what cannot be read."""
    if config.source is not None:
        return photographed(config, model)
    return labelled(config, model)


def photographed(config: DictConfig, model: Model) -> Iterator[Subject]:
    """The person in the box of every photograph."""
    for path in sources(Path(config.source)):
        picture = read_photograph(path)
        box = np.array(config.box or (0, 0, *picture.shape[1::-1]), float)
        yield Subject(path.stem, str(path), person_crop(model.system, picture, box, config.crop_margin))


def labelled(config: DictConfig, model: Model) -> Iterator[Subject]:
    """The chosen people of the data set that the protocol is for."""
    card = build_card(model.config)
    bodies = build_bodies(model.config, card, model.system.body)
    model.data.prepare_data()
    store = named_store(model.data.sources, card.split, card.dataset)
    settings = replace(model.data.settings, augmentation=NO_AUGMENTATION, joint_set="smpl_24")
    crops = PersonCrops([store], settings)
    for row in rows(config.sample, store):
        batch = crops[SampleKey(0, row)].to(device())
        if batch.skipped:
            raise UserError(f"sample={row}: cannot read the picture {batch.skipped[0]}")
        gender = GENDERS[store["gender"][row]] if card.gt_gender == "gendered" else "neutral"
        known = batch.has_smpl is not None and bool(batch.has_smpl[0])
        truth = bodies[gender].to(device())(batch.rotmats, batch.betas) if known else None
        yield Subject(f"{store.name}_{store.split}_{row:06d}", f"{store.name} {store.split}, row {row}", batch, truth)


def rows(sample: object, store: Store) -> list[int]:
    """The rows that `sample` names, one or a list. Raises UserError for what is no row of the store."""
    given: list[Any] = list(sample) if isinstance(sample, ListConfig) else [sample]
    for row in given:
        if isinstance(row, bool) or not isinstance(row, int) or not 0 <= row < len(store):
            raise UserError(f"sample={row}: {store.name} {store.split} has rows 0 to {len(store) - 1}")
    return given
