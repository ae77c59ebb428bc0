"""Ending all processes that were started with a certain setting in their environment."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path


def end_processes(setting: str) -> None:
    """Kill the processes that have `setting`, such as `NAME=value`, in their environment, and see them gone."""
    while found := [number for number in _numbers() if setting.encode() in _environment(number)]:
        for number in found:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.05)


def is_running(number: int) -> bool:
    """Whether there is a process of this number."""
    return Path(f"/proc/{number}").exists()


def _numbers() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _environment(number: int) -> list[bytes]:
    with suppress(OSError):
        return Path(f"/proc/{number}/environ").read_bytes().split(b"\0")
    return []
