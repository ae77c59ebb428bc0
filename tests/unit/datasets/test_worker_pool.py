"""Processes that work end with what started them, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import hpe
from hpe.datasets.worker_pool import worked_on
from hpe.errors import UserError

pytestmark = pytest.mark.slow
SCRIPT = """
import multiprocessing, time
from hpe.datasets.worker_pool import worked_on
with worked_on(time.sleep, [0, 0, 100, 100], 2) as done:
    next(done), next(done)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    list(done)
"""


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_is_left_behind(how: signal.Signals) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(hpe.__file__).parents[1])}
    script = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert script.stdout
    workers = [int(pid) for pid in script.stdout.readline().split()]
    assert len(workers) == 2
    assert all(map(runs, workers))
    script.send_signal(how)
    script.wait(timeout=20)
    script.stdout.close()
    end = time.monotonic() + 20
    while any(map(runs, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(runs, workers))


def test_a_process_that_the_system_ends_is_one_line() -> None:
    words = "ended from outside, perhaps for want of memory: try workers=1"
    with pytest.raises(UserError, match=words), worked_on(os._exit, [1, 1], 2) as done:
        list(done)


def test_what_is_made_comes_in_order_and_an_error_as_it_is() -> None:
    with worked_on(abs, [-3, 1, -2], 2) as done:
        assert list(done) == [3, 1, 2]
    with pytest.raises(TypeError), worked_on(abs, [-3, "a"], 2) as done:  # type: ignore[list-item]
        list(done)
