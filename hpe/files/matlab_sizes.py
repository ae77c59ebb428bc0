"""What the headers of a MATLAB file of version 5 to 7 claim, before anything is read by them.

Layout: "MAT-File Format", The MathWorks. Every element is a tag (type and bytes, 8 bytes in all, or 4 for up to 4
bytes of data) and its data, padded to 8 bytes; an array is an element of elements.
"""

import math
import struct
import zlib
from collections.abc import Iterator

import numpy as np

HEADER = 128
LENGTHS, NUMBERS, MATRIX, COMPRESSED = 5, 6, 14, 15
SPARSE = 5
DEEPEST = 32

Element = tuple[int, memoryview]


def check_claims(data: memoryview, most_bytes: int) -> None:
    """Raise ValueError for a file that is none, unpacks to more than `most_bytes`, or claims entries that it lacks."""
    version, order = bytes(data[124:126]), {b"IM": "<", b"MI": ">"}.get(bytes(data[126:HEADER]))
    if order is None or version[:: -1 if order == "<" else 1] != b"\1\0":
        raise ValueError("not of version 5 to 7")
    for kind, content in _elements(data[HEADER:], order):
        if kind == COMPRESSED:
            most_bytes, content = _unpacked(content, most_bytes)
            kind, content = next(_elements(content, order), (0, content))
        if kind == MATRIX:
            _check_array(content, order, DEEPEST)


def _elements(data: memoryview, order: str) -> Iterator[Element]:
    """Type and data of each element. Raises ValueError for one that says it is longer than what is there."""
    place = 0
    while place + 8 <= len(data):
        kind, size = struct.unpack_from(f"{order}II", data, place)
        small, start = kind >> 16, place + 8
        if small:
            kind, size, start = kind & 0xFFFF, small, place + 4
        if start + size > len(data) or (small and small > 4):
            raise ValueError(f"{size} bytes where {len(data) - start} are left")
        yield kind, data[start : start + size]
        place = place + 8 if small else start + size + (0 if kind == COMPRESSED else -size % 8)


def _unpacked(packed: memoryview, most_bytes: int) -> tuple[int, memoryview]:
    """What is left of `most_bytes`, and the data."""
    try:
        data = zlib.decompressobj().decompress(packed, most_bytes)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(data) == most_bytes:
        raise ValueError("it unpacks to more than such a file can have")
    return most_bytes - len(data), memoryview(data)


def _check_array(content: memoryview, order: str, deepest: int) -> None:
    """An entry of any kind but a sparse one's takes a byte at least, also one that is an array again."""
    if deepest == 0:
        raise ValueError("arrays within arrays without end")
    inside = list(_elements(content, order))
    if [kind for kind, _ in inside[:2]] != [NUMBERS, LENGTHS]:
        return
    kind = struct.unpack(f"{order}I", inside[0][1][:4])[0] & 0xFF
    shape = np.frombuffer(inside[1][1], f"{order}i4").tolist()
    if min(shape, default=0) < 0 or (kind != SPARSE and math.prod(shape) > len(content)):
        raise ValueError(f"an array of {math.prod(shape)} entries in {len(content)} bytes")
    for kind, data in inside:
        if kind == MATRIX and len(data):
            _check_array(data, order, deepest - 1)
