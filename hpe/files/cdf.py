"""NASA's common data format (CDF), in which the poses of Human3.6M come, by cdflib."""

import math
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import cdflib
import numpy as np

from hpe.errors import UserError, reason_of
from hpe.files.limits import AGAIN

# The longest video of Human3.6M has 6,343 frames of 96 numbers: 5 MB.
MOST_BYTES = 64 << 20
GZIP = b"\x1f\x8b\x08"
BROKEN = (OSError, EOFError, ValueError, LookupError, TypeError, MemoryError, RecursionError, struct.error, zlib.error)


def read_cdf(path: Path, name: str, most_bytes: int = MOST_BYTES) -> np.ndarray:
    """The variable `name`, its records along the first axis.

    Raises UserError for a file that is missing, not whole, none, or has more than `most_bytes`, packed or not, and one
    without that variable.
    """
    if not path.is_file():
        raise UserError(f"no file {path}")
    if path.stat().st_size > most_bytes:
        raise UserError(f"{path} has {path.stat().st_size} bytes, more than such a file can have; {AGAIN}")
    try:
        _check_packed(path.read_bytes(), most_bytes)
        with cdflib.CDF(path) as file:
            claimed = file.varinq(name)
            if 8 * math.prod(claimed.Dim_Sizes) * (claimed.Last_Rec + 1) > most_bytes:
                raise ValueError("it claims more numbers than such a file can have")
            return np.asarray(file.varget(name))
    except BROKEN as error:
        raise UserError(f"{path} is not a whole CDF file with '{name}' ({reason_of(error)}); fetch it again") from error


def _check_packed(data: bytes, most_bytes: int) -> None:
    """Raise ValueError where gzip would unpack to more than `most_bytes`: cdflib itself does not ask."""
    place = data.find(GZIP)
    while place >= 0:
        with suppress(zlib.error):  # numbers may look like a beginning
            most_bytes -= len(zlib.decompressobj(wbits=31).decompress(data[place:], most_bytes))
        if most_bytes <= 0:
            raise ValueError("it unpacks to more than such a file can have")
        place = data.find(GZIP, place + 1)
