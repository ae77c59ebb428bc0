"""TensorFlow's `Example`: lists of bytes, floats or integers by name, as a Protocol Buffers message.

A message is a row of fields: a varint of number and kind, then a varint (kind 0), 8 bytes (1), a length and so many
bytes (2) or 4 bytes (5). A varint has 7 bits a byte, least first, and the eighth bit set on all but the last.
An Example has one field, features; that has a field a feature, of name (1) and value (2); a value is one list, of bytes
(1), floats (2) or integers (3); a list has its values in field 1, singly or, if they are numbers, many together.
"""

from collections.abc import Iterator, Mapping

import numpy as np

# Lists by name: bytes as they are, numbers as arrays.
Features = Mapping[str, list[bytes] | np.ndarray]
Field = tuple[int, int | memoryview]

LONGEST_VARINT = 10
FIXED = {1: 8, 5: 4}
BYTES, FLOATS, INTEGERS = 1, 2, 3


def read_example(message: bytes) -> Features:
    """The lists of a message by name. Raises ValueError for what is none."""
    pairs = [pair for features in _inner(memoryview(message)) for pair in _inner(features)]
    return dict(_feature(dict(_fields(pair))) for pair in pairs)


def _feature(pair: dict[int, int | memoryview]) -> tuple[str, list[bytes] | np.ndarray]:
    name, value = pair.get(1, memoryview(b"")), pair.get(2, memoryview(b""))
    if isinstance(name, int) or isinstance(value, int):
        raise ValueError("a feature is no message")
    kind, values = next(_fields(value), (BYTES, memoryview(b"")))
    if isinstance(values, int) or kind not in (BYTES, FLOATS, INTEGERS):
        raise ValueError(f"a feature of unknown kind {kind}")
    return bytes(name).decode(), _list(kind, values)


def _list(kind: int, message: memoryview) -> list[bytes] | np.ndarray:
    values = [value for number, value in _fields(message) if number == 1]
    if kind == INTEGERS:
        lists = [[value] if isinstance(value, int) else list(_varints(value)) for value in values]
        return np.array([one for many in lists for one in many], dtype=np.uint64).astype(np.int64)
    if any(isinstance(value, int) for value in values):
        raise ValueError("an integer among bytes or floats")
    found = [bytes(value) for value in values]
    return found if kind == BYTES else np.frombuffer(b"".join(found), "<f4")


def _inner(message: memoryview) -> list[memoryview]:
    """The messages in field 1."""
    found = [value for number, value in _fields(message) if number == 1]
    if any(isinstance(value, int) for value in found):
        raise ValueError("an integer in place of a message")
    return [value for value in found if not isinstance(value, int)]


def _fields(message: memoryview) -> Iterator[Field]:
    """Number and value of each field, numbers of 4 and 8 bytes as those bytes."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        if kind != 2 and kind not in FIXED:
            raise ValueError(f"a field of unknown kind {kind}")
        size, place = _varint(message, place) if kind == 2 else (FIXED[kind], place)
        if place + size > len(message):
            raise ValueError("a field is longer than its message")
        yield number, message[place : place + size]
        place += size


def _varints(message: memoryview) -> Iterator[int]:
    place = 0
    while place < len(message):
        value, place = _varint(message, place)
        yield value


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    """A number and the place after it."""
    value = 0
    for shift, byte in enumerate(message[place : place + LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, place + shift + 1
    raise ValueError("a number without end")
