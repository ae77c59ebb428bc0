"""PyTorch's own files, read without executing anything; what is wrong with one that is not read, in one line."""

import pickle
import re
import struct
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

# What PyTorch raises of damaged and hostile files.
BROKEN = (
    *(pickle.UnpicklingError, zipfile.BadZipFile, EOFError, RuntimeError, AttributeError, LookupError, TypeError),
    *(ValueError, OverflowError, MemoryError, AssertionError, struct.error),
)


@contextmanager
def unremarked() -> Iterator[None]:
    """Without PyTorch's remarks on how a file was pickled: where that matters, the file is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def refusal(error: Exception) -> str:
    """The global that a file asks for, where that was the reason, else the first sentence of what PyTorch says.

    The reason may be that of the error which caused `error`, as timm raises it.
    """
    asked = re.search(r"GLOBAL ([\w.]+)", f"{error} {error.__cause__}")
    if asked:
        return f"it asks for {asked[1]}, which weights have no need of"
    before, own, after = str(error).partition("WeightsUnpickler error:")  # what comes before is about PyTorch
    return re.split(r"\n|\. ", (after if own else before).strip())[0] or type(error).__name__
