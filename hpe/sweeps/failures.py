"""Why a job failed: said in its log, where the sweep that started it finds the last lines."""

import sys
import traceback

from hpe.explain import explain


def tell(error: BaseException) -> RuntimeError:
    """Print the one line of a user's error, or the traceback of a bug, on stderr; returns it in words alone.

    What an exception holds may not go through a pickle.
    """
    line = explain(error)
    said = f"error: {line}\n" if line else "".join(traceback.format_exception(error))
    print(said, end="", file=sys.stderr, flush=True)
    return RuntimeError(said.strip().splitlines()[-1])
