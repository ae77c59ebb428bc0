"""Running the doors as a user does, in a process of their own: `python -m MODULE ARGUMENTS`.

What takes longest of a short run is importing torch and all that stands on it. One process has done that and does
nothing else; a door's process is a copy of it (multiprocessing's fork server) that then runs the module. What a fresh
interpreter does is for `test_wheel` to show.
"""

import multiprocessing
import os
import runpy
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

import hpe

SHORT = ["trainer.max_epochs=2", "logger=csv", "pictures=2"]
SECONDS = 900
# All that the doors stand on, but none of them: what runs as a program must not have been imported.
SHARED = ["hpe.assembly", "hpe.runs.fitting", "hpe.runs.reporting", "hpe.datasets.module", "smplx", "timm", "wandb"]
# Here and not where a process is started, because whatever test wants one first starts the server.
multiprocessing.set_forkserver_preload(SHARED)


def door_process(door: str, *overrides: str, cwd: Path) -> CompletedProcess[str]:
    """`python -m hpe.DOOR OVERRIDES` to its end."""
    return program(f"hpe.{door}", *overrides, cwd=cwd)


def program(module: str, *arguments: str, cwd: Path, **environment: str) -> CompletedProcess[str]:
    """`python -m MODULE ARGUMENTS` to its end, with some variables of its own. Raises TimeoutExpired."""
    process, said = _started(module, arguments, cwd, environment)
    return _ended(process, said, [module, *arguments], SECONDS)


def stop_when(
    reached: Callable[[], bool], how: signal.Signals, door: str, *overrides: str, cwd: Path
) -> tuple[int, str]:
    """The same, sent the signal `how` as soon as it has `reached` a point; exit code and what it said on stderr."""
    process, said = _started(f"hpe.{door}", overrides, cwd, {})
    while not reached() and process.is_alive():
        time.sleep(0.01)
    if process.is_alive():
        os.kill(process.pid or 0, how)
    ended = _ended(process, said, [door, *overrides], 120)
    return ended.returncode, ended.stderr


Said = tuple[Path, Path]


def _started(
    module: str, arguments: tuple[str, ...], cwd: Path, environment: dict[str, str]
) -> tuple[ForkServerProcess, Said]:
    """The process, and the files that take what it says."""
    os.environ |= {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(hpe.__file__).parents[1])}
    number = len(list(cwd.glob(".said_*")))
    said = (cwd / f".said_{number}.out", cwd / f".said_{number}.err")
    process = multiprocessing.get_context("forkserver").Process(
        target=_run, args=(module, arguments, cwd, said, os.environ | environment)
    )
    process.start()
    return process, said


def _ended(process: ForkServerProcess, said: Said, args: list[str], seconds: int) -> CompletedProcess[str]:
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        raise TimeoutExpired(args, seconds, *(path.read_text() for path in said))
    return CompletedProcess(args, process.exitcode, *(path.read_text() for path in said))


def _run(module: str, arguments: tuple[str, ...], cwd: Path, said: Said, environment: dict[str, str]) -> None:
    """In the new process: become `python -m MODULE ARGUMENTS`."""
    for number, path in enumerate(said, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    # A shell starts what it puts into the background deaf to Ctrl-C, as data readers are, and its children inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.environ.clear()
    os.environ |= {"WANDB_MODE": "offline"} | environment
    os.chdir(cwd)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
