"""The training loss: a weighted sum of terms, those without labels left out by name."""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from hpe.errors import UserError, did_you_mean
from hpe.losses.loss import Loss
from hpe.losses.schedule import Milestones, Progress
from hpe.types import Batch, Prediction

START = Progress()


class TrainingLoss(NamedTuple):
    """`total` is what to minimise, `terms` its weighted parts before scaling, `skipped` names those without fields."""

    total: Tensor
    terms: dict[str, Tensor]
    skipped: tuple[str, ...]


class WeightedSum(nn.Module):
    """`scale` times the sum of weight * term. `weights` and `terms` have the same names; a weight of 0 is a term off.

    A weight may change in the course of training. Raises UserError for a weight without a term and a term without a
    weight.
    """

    def __init__(
        self, weights: Mapping[str, float | Milestones], terms: Mapping[str, Loss], scale: float = 1.0
    ) -> None:
        super().__init__()
        for name in set(weights) ^ set(terms):
            known = terms if name in weights else weights
            raise UserError(f"loss term '{name}' needs both a weight and a definition; {did_you_mean(name, known)}")
        self._weights = dict(weights)
        self.terms = nn.ModuleDict(terms)
        self.scale = scale

    def weights(self, progress: Progress = START) -> dict[str, float]:
        """The terms that are on then, with their weights."""
        then = {
            name: weight.at(progress) if isinstance(weight, Milestones) else weight
            for name, weight in self._weights.items()
        }
        return {name: weight for name, weight in then.items() if weight}

    def batch_fields(self, progress: Progress = START) -> set[str]:
        """The fields of a batch that the terms which are on ask for."""
        return {name for term in self.weights(progress) for name in self._term(term).batch_fields}

    def _term(self, name: str) -> Loss:
        term = self.terms.get_submodule(name)
        assert isinstance(term, Loss)
        return term

    def forward(self, prediction: Prediction, batch: Batch, progress: Progress = START) -> TrainingLoss:
        """The loss of a batch. Raises UserError where no term has what it needs."""
        terms: dict[str, Tensor] = {}
        missing: dict[str, tuple[str, ...]] = {}
        for name, weight in self.weights(progress).items():
            term = self._term(name)
            if lacks := term.missing(prediction, batch):
                missing[name] = lacks
            else:
                terms[name] = weight * term(prediction, batch)
        if not terms:
            raise UserError(f"no loss term can be computed; missing: {missing}. Choose another loss or data set")
        return TrainingLoss(self.scale * torch.stack(list(terms.values())).sum(), terms, tuple(missing))
