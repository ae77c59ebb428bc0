"""Record files written byte by byte come back; cut or foreign ones are one line."""

import struct
from pathlib import Path

import numpy as np
import pytest
from record_file import example, field, varint, write

from hpe.errors import UserError
from hpe.files.example_message import read_example
from hpe.files.tfrecord import masked_checksum, read_examples

CLIP = {
    "meta/N": np.array([2]),
    "image/encoded": [b"\xff\xd8 picture", b""],
    "image/xys": np.array([0.5, -1.25, 3e8]),
    "numbers": np.array([0, 1, 300, 2**40, -7]),
    "nothing": np.array([], dtype=np.float32),
}


def test_records_come_back_in_order(tmp_path: Path) -> None:
    write(tmp_path / "a.tfrecord", example(CLIP), example({}), example({"meta/N": np.array([3])}))
    first, second, third = read_examples(tmp_path / "a.tfrecord")
    assert first.keys() == CLIP.keys()
    assert first["image/encoded"] == CLIP["image/encoded"]
    for name in ("meta/N", "image/xys", "numbers", "nothing"):
        np.testing.assert_array_equal(first[name], CLIP[name])
    assert second == {}
    assert third["meta/N"].tolist() == [3]


def test_numbers_may_come_singly() -> None:
    floats = b"".join(varint(1 << 3 | 5) + struct.pack("<f", value) for value in (0.5, 2))
    integers = b"".join(varint(1 << 3) + varint(value) for value in (7, -1))
    pairs = [
        field(1, field(1, name) + field(2, value))
        for name, value in ((b"a", field(2, floats)), (b"b", field(3, integers)))
    ]
    found = read_example(field(1, b"".join(pairs)))
    assert found["a"].tolist() == [0.5, 2]
    assert found["b"].tolist() == [7, -1]


def test_the_checksum_is_crc_32c() -> None:
    crc = 0xE3069283  # of these digits, by RFC 3720's polynomial
    turned = crc >> 15 | (crc << 17) & 0xFFFFFFFF
    assert masked_checksum(b"123456789") == (turned + 0xA282EAD8) % 2**32


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_file_cut_anywhere_is_one_line(tmp_path: Path, tenth: int) -> None:
    path = tmp_path / "a.tfrecord"
    write(path, example(CLIP))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * tenth // 10])
    with pytest.raises(UserError, match=r"a\.tfrecord is cut or no record file, byte 0; fetch it again") as caught:
        list(read_examples(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "message",
    [
        b"\xff" * 20,
        b"\x0a",
        varint(1 << 3 | 3),
        varint(1 << 3) + varint(5),
        varint(1 << 3 | 2) + varint(10**9) + b"short",
        field(1, field(1, field(1, b"\xff\xfe") + field(2, b""))),
        field(1, field(1, field(1, b"a") + field(2, field(9, b"")))),
        field(1, field(1, field(1, b"a") + field(2, field(2, field(1, b"123"))))),
        field(1, field(1, field(1, b"a") + varint(2 << 3) + varint(5))),
    ],
)
def test_a_record_of_something_else_is_one_line(tmp_path: Path, message: bytes) -> None:
    write(tmp_path / "a.tfrecord", example(CLIP), message)
    with pytest.raises(UserError, match=r"a\.tfrecord: record 1 is no Example \(.+\)") as caught:
        list(read_examples(tmp_path / "a.tfrecord"))
    assert "\n" not in str(caught.value)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tfrecord").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(90))
    with pytest.raises(UserError, match="no record file"):
        list(read_examples(tmp_path / "a.tfrecord"))
    with pytest.raises(UserError, match="no file"):
        list(read_examples(tmp_path / "b.tfrecord"))
