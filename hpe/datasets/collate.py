"""From samples to a batch, without those whose picture could not be read."""

from collections.abc import Sequence
from dataclasses import replace

from hpe.types import Batch


def collate(samples: Sequence[Batch]) -> Batch:
    """Samples stacked along a new first axis; the readable ones only, the others named in `skipped`.

    Where none is readable, the batch has zero rows.
    """
    skipped = tuple(name for sample in samples for name in sample.skipped)
    readable = [sample for sample in samples if not sample.skipped]
    stacked = Batch.stack(readable or samples[:1])[: len(readable)]
    return replace(stacked, skipped=skipped)
