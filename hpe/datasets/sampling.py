"""Which samples an epoch sees, in which order, on which process. All of it follows from seed and epoch."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Int
from torch.utils.data import DistributedSampler

from hpe.datasets.crops_dataset import SampleKey
from hpe.errors import UserError
from hpe.processes import place


def quotas(ratios: Sequence[float], total: int) -> Int[np.ndarray, " stores"]:
    """Whole numbers that sum to `total` and are nearest to the ratios: those with the largest remainder round up."""
    shares = np.array(ratios, dtype=float) / sum(ratios) * total
    counts = np.floor(shares).astype(np.int64)
    counts[np.argsort(counts - shares, kind="stable")[: total - counts.sum()]] += 1
    return counts


class _KeySampler(DistributedSampler):
    """Keys of this process. A `DistributedSampler` by name, so that Lightning does not wrap a second one around it.

    `rank` and `world` default to those of torch.distributed. All processes share `people` keys.
    """

    def __init__(self, people: int, rank: int | None, world: int | None) -> None:
        self.people = people
        self.rank, self.world = place() if rank is None or world is None else (rank, world)
        self.epoch = 0

    def check(self) -> None:
        """Raise UserError where a process would have nobody, and leave the others waiting."""
        if self.people < self.world:
            raise UserError(f"{self.people} people for {self.world} processes: each needs one; take fewer devices")

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning before each epoch."""
        self.epoch = epoch


class TrainingSampler(_KeySampler):
    """Shuffled keys of several stores of `sizes` rows, mixed by `ratios`, `epoch_size` an epoch over all processes.

    Each epoch has the exact ratio. A store that gives more than its size is run through again in another order
    and with other augmentation; one that gives less shows another random part each epoch. What does not divide
    by the number of processes is left out.

    A run that is continued begins with epoch `first_epoch`, of which each process has `seen` so many keys already.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        ratios: Sequence[float],
        epoch_size: int,
        seed: int,
        rank: int | None = None,
        world: int | None = None,
        first_epoch: int = 0,
        seen: int = 0,
    ) -> None:
        super().__init__(epoch_size, rank, world)
        # Loading processes ask for the first keys before Lightning says which epoch it is.
        self.epoch = self.first_epoch = first_epoch
        self.sizes, self.seed, self.epoch_size, self.seen = sizes, seed, epoch_size, seen
        self.counts = quotas(ratios, epoch_size)

    def __len__(self) -> int:
        return self.epoch_size // self.world

    def __iter__(self) -> Iterator[SampleKey]:
        generator = np.random.default_rng([self.seed, self.epoch])
        keys = np.concatenate([self._rows(number, generator) for number in range(len(self.sizes))])
        mine = generator.permutation(keys)[: len(self) * self.world][self.rank :: self.world]
        skipped = self.seen if self.epoch == self.first_epoch else 0
        for dataset, row, draw in mine[skipped:].tolist():
            yield SampleKey(dataset, row, self.epoch, draw)

    def _rows(self, number: int, generator: np.random.Generator) -> Int[np.ndarray, "samples 3"]:
        """Store number, row and draw of one store's share of the epoch."""
        size, count = self.sizes[number], int(self.counts[number])
        rounds = -(-count // size)
        rows = np.concatenate([generator.permutation(size) for _ in range(rounds)] or [np.empty(0, np.int64)])[:count]
        return np.stack([np.full(count, number), rows, np.arange(count) // size], axis=1)


class EvaluationSampler(_KeySampler):
    """Every row of every store exactly once over all processes, in order, even where they do not divide evenly."""

    def __init__(self, sizes: Sequence[int], rank: int | None = None, world: int | None = None) -> None:
        super().__init__(sum(sizes), rank, world)
        self.sizes = sizes

    def __len__(self) -> int:
        return len(range(self.rank, sum(self.sizes), self.world))

    def __iter__(self) -> Iterator[SampleKey]:
        keys = [SampleKey(number, row) for number, size in enumerate(self.sizes) for row in range(size)]
        yield from keys[self.rank :: self.world]
