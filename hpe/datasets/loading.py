"""How a loading process begins: with one thread, and deaf to what SLURM has to say to the job."""

import os
import signal
import sys
import threading

import cv2
import torch


def begin(worker: int) -> None:
    """Called by a DataLoader in every loading process."""
    use_one_thread(worker)
    if sys.platform == "linux":
        outlive_warnings()


def use_one_thread(worker: int) -> None:
    """One thread a worker: with more, workers and training fight for the same cores."""
    cv2.setNumThreads(0)
    torch.set_num_threads(1)


def outlive_warnings() -> None:
    """Ignore USR1 and USR2, and TERM from anybody but the process that loads for itself here.

    SLURM signals all processes of a job. The main one saves a checkpoint then, and needs its loading processes for it.
    """
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while signal.sigwaitinfo({signal.SIGTERM}).si_pid != parent:
        pass
    os._exit(0)
