"""Running the doors as a user does: in a process of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import hpe

SHORT = ["trainer.max_epochs=2", "logger=csv", "pictures=2"]


def door_process(door: str, *overrides: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """`python -m hpe.DOOR OVERRIDES` to its end."""
    command = _command(door, *overrides)
    return subprocess.run(command, cwd=cwd, env=_environment(), capture_output=True, text=True, timeout=900)


def stop_when(
    reached: Callable[[], bool], how: signal.Signals, door: str, *overrides: str, cwd: Path
) -> tuple[int, str]:
    """The same, sent the signal `how` as soon as it has `reached` a point; exit code and what it said on stderr."""
    command = _command(door, *overrides)
    process = subprocess.Popen(
        command, cwd=cwd, env=_environment(), stderr=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts
    )
    while not reached() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(how)
    try:
        said = process.communicate(timeout=120)[1]
    finally:
        process.kill()
    return process.returncode, said


def _heed_interrupts() -> None:
    """A shell starts what it puts into the background deaf to Ctrl-C, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _command(door: str, *overrides: str) -> list[str]:
    return [sys.executable, "-m", f"hpe.{door}", *overrides]


def _environment() -> dict[str, str]:
    # One thread, so that sums are taken in one order and tests side by side do not fight for cores. The path, because
    # tests also run where the package is not installed.
    own = {"OMP_NUM_THREADS": "1", "WANDB_MODE": "offline", "PYTHONPATH": str(Path(hpe.__file__).parents[1])}
    return os.environ | own
