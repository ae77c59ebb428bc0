"""One pass of a system over a split: what it says about everybody, to be scored as often as one likes."""

import sys
from collections import defaultdict
from collections.abc import Sized
from dataclasses import dataclass, replace

import numpy as np
import roma
import torch
from rich.progress import track
from torch import Tensor
from torch.utils.data import DataLoader

from hpe.datasets.crops_dataset import PersonCrops
from hpe.datasets.skips import SkipCounter
from hpe.datasets.store import Store
from hpe.estimator import Estimator
from hpe.files.hashes import file_hash
from hpe.runs.inference import ready
from hpe.scoring.predictions import Predictions
from hpe.types import Batch, HeadOutput, Prediction

IDENTITY = ("sequence", "frame", "person")


@dataclass(frozen=True)
class Pass:
    """What was predicted, about which store, and the pictures that could not be read."""

    predictions: Predictions
    store: Store
    skipped: list[str]


def device() -> torch.device:
    """The accelerator if there is one, else the CPU."""
    return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")


@torch.inference_mode()
def predict(system: Estimator, loader: DataLoader[Batch], model: str, checkpoint: str | None) -> Pass:
    """What `system` says about the people of the one store behind `loader`; `checkpoint` is its weights' hash.

    The system is made `ready` and cannot be trained any more.
    Raises UserError where too many pictures cannot be read.
    """
    ready(system.to(device()))
    crops = loader.dataset
    assert isinstance(loader.sampler, Sized)
    assert isinstance(crops, PersonCrops)
    (store,) = crops.stores
    skips, parts = SkipCounter(len(loader.sampler)), defaultdict(list)
    for batch in track(loader, "predicting", transient=True, disable=not sys.stdout.isatty()):
        skips.update(batch)
        if len(batch) == 0:
            continue
        for name, values in _columns(system(batch.to(device())), batch).items():
            parts[name].append(values.cpu().numpy())
    columns = {name: np.concatenate(values) for name, values in parts.items()}
    predictions = Predictions(
        dataset=store.name,
        split=store.split,
        body=system.body.name,
        joint_set=crops.settings.joint_set,
        model=model,
        columns=columns | {name: store[name][columns["sample"]] for name in IDENTITY},
        data_hash=file_hash(store.path),
        checkpoint=checkpoint,
    )
    return Pass(predictions, store, list(skips.names))


def _columns(said: Prediction, batch: Batch) -> dict[str, Tensor]:
    """What is kept of a batch: the body, or the joints where there is none."""
    kept = {"sample": batch.sample, "crop": batch.crop}
    if said.camera is not None:
        kept["camera"] = said.camera
    if said.rotmats is None or said.betas is None:
        return kept | {"joints3d": said.joints3d}
    return kept | {"pose": roma.rotmat_to_rotvec(said.rotmats).flatten(1), "betas": said.betas}


def constant(predictions: Predictions, person: HeadOutput, body: str) -> Predictions:
    """The same people, of all of whom one and the same `person` is said."""
    said = {"pose": roma.rotmat_to_rotvec(person.rotmats).flatten(1), "betas": person.betas}
    same = {name: np.repeat(values.cpu().numpy(), len(predictions), axis=0) for name, values in said.items()}
    kept = {name: predictions[name] for name in ("sample", *IDENTITY)}
    return replace(predictions, body=body, columns=kept | same)
