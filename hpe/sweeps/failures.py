"""Why a job failed: said in its log, where the sweep that started it finds the last lines."""

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import submitit

from hpe.explain import explain

LINES = 3
ONE_LINE = "error: "
BYTES = 1 << 14


def tell(error: BaseException) -> RuntimeError:
    """Print the one line of a user's error, or the traceback of a bug, on stderr; returns it in words alone.

    What an exception holds may not go through a pickle.
    """
    line = explain(error)
    said = f"{ONE_LINE}{line}\n" if line else "".join(traceback.format_exception(error))
    print(said, end="", file=sys.stderr, flush=True)
    return RuntimeError(said.strip().splitlines()[-1])


def last_words(handle: submitit.Job[Any]) -> list[str]:
    """The last lines on stderr of a job that failed, of the task that tells of an error where there are several."""
    logs = [_tail(handle.task(number).paths.stderr) for number in range(handle.num_tasks)]
    told = [log for log in logs if _tells(log)]
    if told:
        return told[0][-1:] if told[0][-1].startswith(ONE_LINE) else told[0][-LINES:]
    return [*logs[0][-LINES:], "ended without a word of its own: killed, or short of memory?"]


def _tells(log: Sequence[str]) -> bool:
    return any("error" in line.lower() for line in log[-LINES:])


def _tail(path: Path) -> list[str]:
    """The last lines that are not empty; none where there is no file."""
    if not path.is_file():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - BYTES))
        text = file.read().decode(errors="replace")
    return [line.rstrip() for line in text.splitlines() if line.strip()]
