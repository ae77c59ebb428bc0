"""Archives of arrays: what is in them comes through; what they merely claim takes no memory."""

import io
import os
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.archive import open_npz, read_npy

ARRAYS = {
    "pose": np.arange(6.0).reshape(2, 3),
    "columns": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    "imgname": np.array(["a.jpg", "ü.jpg"]),
    "bytes": np.array([b"m", b"f"]),
    "none": np.zeros((0, 3)),
    "number": np.float64(0.5),
}


def header(shape: str, kind: str = "<f8") -> bytes:
    """The first bytes of an .npy file that claims a shape."""
    words = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words)) + words


def archive(path: Path, name: str, data: bytes, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr(f"{name}.npy", data)
    return path


def fault(path: Path, name: str = "pose") -> str:
    """The one line that reading gives, for which it took no memory to speak of."""
    tracemalloc.start()
    try:
        with pytest.raises(UserError) as caught, open_npz(path) as arrays:
            arrays[name]
        assert tracemalloc.get_traced_memory()[1] < 1 << 23
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_through(tmp_path, save):
    save(tmp_path / "file.npz", **ARRAYS)
    with open_npz(tmp_path / "file.npz") as arrays:
        assert set(arrays) == set(ARRAYS)
        assert "nothing" not in arrays
        for name, values in ARRAYS.items():
            np.testing.assert_array_equal(arrays[name], values)
            assert arrays[name].dtype == values.dtype


def test_arrays_of_plain_objects_come_through(tmp_path):
    smpl = {"body_pose": np.zeros((2, 23, 3)), "gender": ["m", "f"]}
    np.savez(tmp_path / "file.npz", allow_pickle=True, smpl=smpl, names=np.array(["a", None], dtype=object))
    with open_npz(tmp_path / "file.npz") as arrays:
        assert arrays["smpl"].item()["gender"] == ["m", "f"]
        np.testing.assert_array_equal(arrays["smpl"].item()["body_pose"], smpl["body_pose"])
        assert arrays["names"].tolist() == ["a", None]


class Shell:
    def __reduce__(self):
        return os.system, ("true",)


def test_code_among_objects_is_refused_by_name(tmp_path):
    np.savez(tmp_path / "evil.npz", allow_pickle=True, pose=np.array([Shell()], dtype=object))
    assert "asks for posix.system" in fault(tmp_path / "evil.npz")


def test_claims_are_held_against_the_file(tmp_path):
    path = tmp_path / "claims.npz"
    assert "8 bytes, which are no float64 of shape [1000000000000]" in fault(
        archive(path, "pose", header("(1000000000000,)") + bytes(8))
    )
    assert "no float64 of shape [-1, -1]" in fault(archive(path, "pose", header("(-1, -1)") + bytes(8)))
    assert "no <U250000000" in fault(archive(path, "pose", header("(4,)", "<U250000000") + bytes(8)))
    structure = header("(1,)").replace(b"'<f8'", b"'O,O'")
    assert "no [('f0', 'O'), ('f1', 'O')] of shape" in fault(archive(path, "pose", structure + bytes(16)))
    assert "cannot be read" in fault(archive(path, "pose", header("(1,)").replace(b"}", b" ")))


def test_a_directory_that_claims_too_much_is_refused(tmp_path):
    path = archive(tmp_path / "bomb.npz", "pose", header("(4,)") + bytes(32), zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 24  # the size once unpacked, in the central directory
    data[place : place + 4] = struct.pack("<I", 1 << 31)
    path.write_bytes(data)
    assert "'pose' claims more than the file holds" in fault(path)


def test_more_than_the_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sysconf", lambda name: 100)
    np.savez(tmp_path / "large.npz", pose=np.zeros(2000))
    assert "takes about 1.5e-05 GiB of memory" in fault(tmp_path / "large.npz")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_numpy_does_not_write_are_refused(tmp_path, method):
    assert "claims more" in fault(archive(tmp_path / "file.npz", "pose", header("(1,)") + bytes(8), method))


def test_an_archive_cut_anywhere_is_one_line(tmp_path):
    np.savez(tmp_path / "whole.npz", pose=np.arange(20.0))
    data, path = (tmp_path / "whole.npz").read_bytes(), tmp_path / "cut.npz"
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        fault(path)


def test_damaged_bytes_are_one_line_or_the_array(tmp_path):
    np.savez(tmp_path / "whole.npz", pose=np.arange(20.0))
    data, path = (tmp_path / "whole.npz").read_bytes(), tmp_path / "damaged.npz"
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        with suppress(UserError), open_npz(path) as arrays:
            np.testing.assert_array_equal(arrays.get("pose", np.arange(20.0)), np.arange(20.0))


def test_a_single_array_comes_through_or_is_one_line(tmp_path):
    path = tmp_path / "fits.npy"
    np.save(path, np.arange(6.0))
    np.testing.assert_array_equal(read_npy(path), np.arange(6.0))
    stream = io.BytesIO()
    np.save(stream, np.array([Shell()], dtype=object), allow_pickle=True)
    for data, words in (
        (stream.getvalue(), "asks for posix.system"),
        (header("(1000000000000,)"), "0 bytes, which are no float64"),
        (b"no array", "cannot be read"),
    ):
        path.write_bytes(data)
        with pytest.raises(UserError, match=words):
            read_npy(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no file .*none\.npz"), open_npz(tmp_path / "none.npz"):
        pass
    with pytest.raises(UserError, match=r"no file .*none\.npy"):
        read_npy(tmp_path / "none.npy")
