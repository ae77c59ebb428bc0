"""What every loss term is, and how it averages over the samples that have a label."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from hpe.errors import UserError
from hpe.types import Batch, Prediction


class Loss(nn.Module):
    """A term of the training loss, which names the fields that it reads.

    `auxiliary_fields` are names in `Prediction.auxiliary`, where heads put what only some of them say.
    """

    prediction_fields: tuple[str, ...] = ()
    auxiliary_fields: tuple[str, ...] = ()
    batch_fields: tuple[str, ...] = ()

    def missing(self, prediction: Prediction, batch: Batch) -> tuple[str, ...]:
        """Fields that the term needs and that are None, as `prediction.vertices` or `batch.betas`."""
        return tuple(name for name, value in self._needed(prediction, batch).items() if value is None)

    def read(self, prediction: Prediction, batch: Batch) -> list[Tensor]:
        """The needed fields, those of the prediction first. Raises UserError where one is missing."""
        if missing := self.missing(prediction, batch):
            raise UserError(
                f"{type(self).__name__} needs {', '.join(missing)}: leave the term out, or sum by WeightedSum"
            )
        return [value for value in self._needed(prediction, batch).values() if value is not None]

    def _needed(self, prediction: Prediction, batch: Batch) -> dict[str, Tensor | None]:
        predicted = {f"prediction.{name}": getattr(prediction, name) for name in self.prediction_fields}
        auxiliary = {f"prediction.auxiliary.{name}": prediction.auxiliary.get(name) for name in self.auxiliary_fields}
        return predicted | auxiliary | {f"batch.{name}": getattr(batch, name) for name in self.batch_fields}

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """The unweighted term. A batch without any label for it gives 0, which still carries (zero) gradients."""
        raise NotImplementedError


def mean_over(values: Float[Tensor, "*batch_and_values"], selected: Bool[Tensor, "*batch"]) -> Float[Tensor, ""]:
    """Mean of all values of the selected samples; 0 where none is selected.

    `selected` has the leading axes of `values`.
    """
    each = values.flatten(selected.ndim).mean(-1)
    return torch.where(selected, each, 0.0).sum() / selected.sum().clamp(min=1)
