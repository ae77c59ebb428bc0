"""How much memory a stranger's file may ask for, said before any is taken."""

import os

import numpy as np

from hpe.errors import UserError

# What to do about a file that is not what it should be.
AGAIN = "fetch the file again"
# Stores keep single precision: a larger number is none in them.
LARGEST = float(np.finfo(np.float32).max)


def check_memory(wanted: int, where: str) -> None:
    """Raise UserError, which begins with `where`, for a file that takes more bytes than this machine has memory."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if wanted > there:
        sizes = f"{wanted / 2**30:.3g} GiB of memory, this machine has {there / 2**30:.3g}"
        raise UserError(f"{where} takes about {sizes}: use a larger one, or {AGAIN} if it should take less")
