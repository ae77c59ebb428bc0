"""A running mean of per-sample errors, for validation during training."""

import torch
import torchmetrics
from jaxtyping import Float
from torch import Tensor


class MeanError(torchmetrics.Metric):
    """Mean of per-sample errors over batches and processes, in the unit of what it is given.

    The values themselves are kept, because a mean of batch means would overweight a short last batch. Samples
    without a finite value are left out of the mean and counted by `undefined`.
    """

    full_state_update = False
    higher_is_better = False
    values: list[Tensor]

    def __init__(self) -> None:
        super().__init__()
        self.add_state("values", default=[], dist_reduce_fx="cat")

    def update(self, errors: Float[Tensor, " batch"]) -> None:
        """Add the errors of one batch."""
        self.values.append(errors.detach())

    def compute(self) -> Float[Tensor, ""]:
        """Mean over the samples that have a value; NaN where none has."""
        values = self._all()
        return values[values.isfinite()].mean()

    def undefined(self) -> int:
        """Number of samples without a value, in all processes."""
        with self.sync_context():
            return int((~self._all().isfinite()).sum())

    def _all(self) -> Float[Tensor, " samples"]:
        # After a synchronisation the list has become one tensor.
        return torchmetrics.utilities.dim_zero_cat(self.values) if len(self.values) else torch.zeros(0)
