"""Per-sample errors of a system on a split, beside those of the mean person on the same samples."""

import sys
from collections import defaultdict
from collections.abc import Sized
from dataclasses import dataclass, field

import numpy as np
import torch
from rich.progress import track
from torch import Tensor
from torch.utils.data import DataLoader

from hpe.datasets.crops_dataset import PersonCrops
from hpe.datasets.skips import SkipCounter
from hpe.estimator import Estimator
from hpe.runs.mean_person import repeat
from hpe.types import Batch, HeadOutput


@dataclass
class Errors:
    """Errors in mm of every sample, by metric; NaN where a sample has no such number."""

    parts: dict[str, list[Tensor]] = field(default_factory=lambda: defaultdict(list))

    def add(self, errors: dict[str, Tensor]) -> None:
        """Append those of one batch."""
        for name, values in errors.items():
            self.parts[name].append(values.cpu())

    def values(self) -> dict[str, Tensor]:
        """All of them [samples]."""
        return {name: torch.cat(values) for name, values in self.parts.items()}

    def means(self) -> dict[str, float]:
        """Mean over the samples that have the number; NaN where none has."""
        return {name: float(values.double().nanmean()) for name, values in self.values().items()}

    def undefined(self) -> dict[str, int]:
        """How many samples lack each number."""
        return {name: int(values.isnan().sum()) for name, values in self.values().items()}


@dataclass
class Evaluation:
    """What one pass over a split measured."""

    system: Errors = field(default_factory=Errors)
    baseline: Errors = field(default_factory=Errors)
    samples: int = 0
    sequences: int = 0
    skipped: list[str] = field(default_factory=list)


def device() -> torch.device:
    """The accelerator if there is one, else the CPU."""
    return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")


@torch.inference_mode()
def evaluate(system: Estimator, person: HeadOutput, loader: DataLoader[Batch]) -> Evaluation:
    """Errors of `system` and of the mean `person` over all of `loader`.

    Raises UserError where too many pictures cannot be read.
    """
    system.to(device()).eval()
    person, result = person.to(device()), Evaluation()
    assert isinstance(loader.sampler, Sized)
    assert isinstance(loader.dataset, PersonCrops)
    result.sequences = sum(len(np.unique(store["sequence"])) for store in loader.dataset.stores)
    skips = SkipCounter(len(loader.sampler))
    for batch in track(loader, "evaluating", transient=True, disable=not sys.stdout.isatty()):
        skips.update(batch)
        if len(batch) == 0:
            continue
        known = batch.to(device())
        guess = system.prediction(repeat(person, len(known)), known.joint_set)
        result.system.add(system.errors(system(known), known))
        result.baseline.add(system.errors(guess, known))
        result.samples += len(known)
    result.skipped = list(skips.names)
    return result
