"""Writes TensorFlow's record files as its documentation describes them, byte by byte."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

Values = Sequence[bytes] | np.ndarray


def varint(value: int) -> bytes:
    """Seven bits a byte, least first."""
    value &= (1 << 64) - 1
    head = b""
    while value > 0x7F:
        head += bytes([value & 0x7F | 0x80])
        value >>= 7
    return head + bytes([value])


def field(number: int, content: bytes) -> bytes:
    """A field of so many bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def listed(values: Values) -> bytes:
    """A feature: its list of bytes, floats or integers, the numbers packed."""
    if not isinstance(values, np.ndarray):
        return field(1, b"".join(field(1, value) for value in values))
    if values.dtype.kind == "f":
        return field(2, field(1, values.astype("<f4").tobytes()))
    return field(3, field(1, b"".join(varint(int(value)) for value in values.ravel())))


def example(features: Mapping[str, Values]) -> bytes:
    """The message."""
    pairs = [field(1, field(1, name.encode()) + field(2, listed(values))) for name, values in features.items()]
    return field(1, b"".join(pairs))


def checksum(data: bytes) -> int:
    """CRC-32C by a table of bytes, then turned right by 15 bits and shifted, as the format wants it."""
    bits = 0xFFFFFFFF
    for byte in data:
        rest = (bits ^ byte) & 0xFF
        for _ in range(8):
            rest = rest >> 1 ^ 0x82F63B78 * (rest % 2)
        bits = rest ^ bits >> 8
    bits ^= 0xFFFFFFFF
    return ((bits >> 15) + (bits % 2**15 << 17) + 0xA282EAD8) % 2**32


def write(path: Path, *messages: bytes) -> None:
    """Records of these messages."""
    with path.open("wb") as file:
        for message in messages:
            length = struct.pack("<Q", len(message))
            file.write(length + struct.pack("<I", checksum(length)) + message + struct.pack("<I", 0))
