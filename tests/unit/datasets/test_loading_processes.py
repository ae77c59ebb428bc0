"""Loading processes live until the one that they load for has done with them."""

import os
import signal
import sys
import time

import pytest
import torch
from torch.utils.data import DataLoader, Dataset

from hpe.datasets.loading import begin

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="signals name their sender on Linux"),
]


class Numbers(Dataset):
    """Says which process has loaded them."""

    def __len__(self):
        return 8

    def __getitem__(self, number):
        return os.getpid()


def test_signals_to_the_whole_job_do_not_end_them():
    batches = iter(DataLoader(Numbers(), num_workers=2, worker_init_fn=begin, prefetch_factor=1))
    workers = [int(next(batches)) for _ in range(2)]
    assert len(set(workers)) == 2
    for worker in workers:
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM):
            # What this process sends itself would end them: TERM comes from a stranger, as SLURM is.
            os.system(f"kill -{int(number)} {worker}")
    time.sleep(0.2)
    assert torch.cat(list(batches)).tolist() == workers * 3


def test_their_own_process_ends_them():
    loader = DataLoader(Numbers(), num_workers=1, worker_init_fn=begin, persistent_workers=True)
    worker = int(next(iter(loader)))
    (process,) = loader._iterator._workers
    assert process.pid == worker
    process.terminate()
    process.join(10)
    assert process.exitcode == 0
