"""Work in several processes, which end when it ends, and with the process that started them."""

import contextlib
import multiprocessing
import multiprocessing.connection
import multiprocessing.context
import multiprocessing.resource_tracker
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from hpe.errors import UserError

Given = TypeVar("Given")
Made = TypeVar("Made")


def fork_server() -> multiprocessing.context.ForkServerContext:
    """Starts processes as copies of one that has imported what this one has of hpe: torch takes each seconds else."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([name for name in sys.modules if name.startswith("hpe.")])
    return context


@contextlib.contextmanager
def worked_on(work: Callable[[Given], Made], items: Sequence[Given], workers: int) -> Iterator[Iterator[Made]]:
    """What `work` makes of each item, in their order, by that many processes; by this one where one is enough.

    Whatever ends the block, an interrupt or an error of one item, ends the processes at once. Should this process be
    killed, they end too instead of working on. Raises UserError where one of them is killed, as systems that are
    short of memory do.
    """
    if min(workers, len(items)) <= 1:
        yield map(work, items)
        return
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(min(workers, len(items)), fork_server(), end_with_parent)
    try:
        with _deaf_to_interrupts():
            given = [pool.submit(work, item) for item in items]
        yield (one.result() for one in given)
    except BrokenProcessPool as error:
        words = "a process that read data was ended from outside, perhaps for want of memory"
        raise UserError(f"{words}: try workers={max(1, workers // 2)}") from error
    finally:
        with _deaf_to_interrupts():
            # Not asked to end: one that has just begun would first import for seconds.
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            pool.shutdown()


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """This process hears Ctrl-C afterwards; processes that it starts here, which a terminal's reaches too, never do."""
    # Python's resource tracker, which starts with the first process, would end the deafness.
    multiprocessing.resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Called in each process at its start: a thread that ends it when the process that started it has ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
