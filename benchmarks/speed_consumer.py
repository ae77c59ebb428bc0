"""Whether a network waits for its data: loading processes, and a consumer that takes batches at a GPU's speed."""

import time

from torch.utils.data import DataLoader

from benchmarks.timing import Row
from hpe.datasets.crops_dataset import PersonCrops, SampleKey
from hpe.datasets.loading import use_one_thread
from hpe.datasets.module import as_it_is

# Images a second of a ResNet-50 trained at 224 pixels in TF32 on an A100: an assumption, about what its vendor prints.
RATE = 800
# The workers that it has, and those of them that run here: the network is as much slower here as they are fewer.
WORKERS, HERE = 8, 2
BATCH, BATCHES, WARM = 64, 24, 4


def consumed(crops: PersonCrops) -> Row:
    """Seconds a crop until the network has it and has used it, beside those that it uses it; `waited` is the rest.

    `ratio` is 1 where it never waits. Seconds are of the wall, so whoever else is on the machine makes it wait.
    """
    seconds = BATCH / (RATE * HERE / WORKERS)
    keys = [SampleKey(0, number % len(crops), number) for number in range(BATCH * BATCHES)]
    loader = DataLoader(
        crops, BATCH, sampler=keys, num_workers=HERE, collate_fn=as_it_is, worker_init_fn=use_one_thread
    )
    spent = []
    start = time.perf_counter()
    for _ in loader:
        time.sleep(seconds)
        spent.append(time.perf_counter() - start)
        start = time.perf_counter()
    mean = sum(spent[WARM:]) / len(spent[WARM:])
    return {
        "ours_s": mean / BATCH,
        "reference_s": seconds / BATCH,
        "ratio": seconds / mean,
        "waited": 1 - seconds / mean,
    }
