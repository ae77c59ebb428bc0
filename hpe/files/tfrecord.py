"""TensorFlow's record files of `Example` messages, read without TensorFlow.

A record is its length (8 bytes), a checksum of the length (4), its bytes and a checksum of those (4), least byte first.
Only the length's is compared: in Python the other would take longer than all the rest, and whoever decodes what is in a
record finds damage.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from hpe.errors import UserError, reason_of
from hpe.files.example_message import Features, read_example

HEADER = struct.Struct("<QI")
CASTAGNOLI = 0x82F63B78
MASK = 0xA282EAD8


def read_examples(path: Path) -> Iterator[Features]:
    """The features of each record. Raises UserError where the file is missing, cut or holds anything else."""
    for number, record in enumerate(_records(path)):
        try:
            yield read_example(record)
        except ValueError as error:
            raise UserError(f"{path}: record {number} is no Example ({reason_of(error)}); fetch it again") from error


def _records(path: Path) -> Iterator[bytes]:
    if not path.is_file():
        raise UserError(f"no file {path}")
    left = path.stat().st_size
    with path.open("rb") as file:
        while header := file.read(HEADER.size):
            length, checksum = HEADER.unpack(header) if len(header) == HEADER.size else (0, 0)
            left -= HEADER.size + length + 4
            if checksum != masked_checksum(header[:8]) or left < 0:
                raise UserError(f"{path} is cut or no record file, byte {file.tell() - len(header)}; fetch it again")
            yield file.read(length)
            file.seek(4, 1)


def masked_checksum(data: bytes) -> int:
    """CRC-32C (Castagnoli), turned by 15 bits and shifted by a constant, as TensorFlow stores it."""
    checksum = 0xFFFFFFFF
    for byte in data:
        checksum ^= byte
        for _ in range(8):
            checksum = checksum >> 1 ^ (CASTAGNOLI if checksum & 1 else 0)
    checksum ^= 0xFFFFFFFF
    return ((checksum >> 15 | checksum << 17) + MASK) & 0xFFFFFFFF
