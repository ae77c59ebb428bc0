"""MATLAB files: numbers come through, and what a header claims beyond its file is one line rather than memory."""

import resource
import struct
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.io

from hpe.errors import UserError
from hpe.files.matlab import read_matlab, read_matlab73, read_matlab73_cells

PEOPLE = {"annot2": np.arange(6.0).reshape(2, 3), "isValidFrame": 1}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "annot.mat"


def refused(call, *arguments) -> str:
    """The one line that is said instead of taking a gigabyte."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UserError) as caught:
        call(*arguments)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("compressed", [False, True])
def test_arrays_cells_and_structs_come_through(path: Path, compressed: bool) -> None:
    cells = np.empty((2, 1), dtype=object)
    cells[:, 0] = [np.ones((4, 3)), {"name": "a", "person": PEOPLE}]
    scipy.io.savemat(path, {"cells": cells, "frames": np.arange(5), "word": "jump"}, do_compression=compressed)
    read = read_matlab(path)
    assert read["cells"][0].shape == (4, 3)
    np.testing.assert_array_equal(read["cells"][1].person.annot2, PEOPLE["annot2"])
    assert read["frames"].tolist() == [0, 1, 2, 3, 4]
    assert read["word"] == "jump"


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_one_line(path: Path, share: float) -> None:
    scipy.io.savemat(path, {"annot": np.random.default_rng(0).random((40, 40))}, do_compression=True)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    assert "not a whole MATLAB file" in refused(read_matlab, path)


def element(kind: int, data: bytes) -> bytes:
    return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)


def array(kind: int, *shape: int, data: bytes = b"") -> bytes:
    """An array element: flags, lengths, an empty name, data."""
    lengths = struct.pack(f"<{len(shape)}i", *shape)
    return element(14, element(6, struct.pack("<II", kind, 0)) + element(5, lengths) + element(1, b"x") + data)


def mat5(content: bytes) -> bytes:
    return b"MATLAB 5.0".ljust(124) + struct.pack("<H", 0x100) + b"IM" + content


CELL, STRUCT, DOUBLE = 1, 2, 6
NO_FIELDS = element(5, struct.pack("<i", 8)) + element(1, b"")


@pytest.mark.parametrize(
    "content",
    [
        array(CELL, 10**9, 1),
        array(STRUCT, 10**9, 1, data=NO_FIELDS),
        array(CELL, 1, 1, data=array(STRUCT, 10**9, 1, data=NO_FIELDS)),
        array(DOUBLE, 10**9, 1, data=struct.pack("<II", 9, 2**32 - 8)),
        array(DOUBLE, 10**9, 10**9),
        array(DOUBLE, -1, 3),
    ],
    ids=["cells", "structs", "structs in a cell", "bytes", "overflow", "negative"],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_a_header_that_claims_too_much_is_one_line(path: Path, content: bytes, compressed: bool) -> None:
    if compressed:
        packed = zlib.compress(content)
        content = struct.pack("<II", 15, len(packed)) + packed
    path.write_bytes(mat5(content))
    assert "not a whole MATLAB file" in refused(read_matlab, path)


def test_what_unpacks_to_more_than_it_may_is_one_line(path: Path) -> None:
    scipy.io.savemat(path, {"zeros": np.zeros(1 << 20)}, do_compression=True)
    assert path.stat().st_size < 1 << 15
    assert read_matlab(path, most_bytes=9 << 20)["zeros"].shape == (1 << 20,)
    assert "unpacks to more" in refused(read_matlab, path, 1 << 20)


def test_arrays_within_arrays_without_end_are_one_line(path: Path) -> None:
    nested = array(CELL, 1, 1)
    for _ in range(2000):
        nested = array(CELL, 1, 1, data=nested)
    path.write_bytes(mat5(nested))
    assert "arrays within arrays" in refused(read_matlab, path)


def test_other_files_are_one_line(path: Path) -> None:
    assert "no file" in refused(read_matlab, path)
    path.write_bytes(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM" + bytes(384))
    assert "not of version 5 to 7" in refused(read_matlab, path)


@pytest.fixture
def hdf5(path: Path) -> Path:
    """As MATLAB writes version 7.3: axes reversed, cells as references into a group."""
    with h5py.File(path, "w", userblock_size=512) as file:
        file["annot2"] = np.arange(12.0).reshape(2, 1, 3, 2)
        file["name"] = "text"
        file.create_dataset("vast", shape=(1 << 40,), dtype="f8", chunks=(1 << 10,))
        masks = [file.create_dataset(f"#refs#/{number}", data=np.eye(3 + number, dtype="u1")) for number in range(3)]
        cells = file.create_dataset("Masks", (3, 1), dtype=h5py.ref_dtype)
        cells[:, 0] = [mask.ref for mask in masks]
        file.create_dataset("many", shape=(1 << 40, 1), dtype=h5py.ref_dtype, chunks=(1 << 10, 1))
    return path


def test_arrays_of_version_73_come_through(hdf5: Path) -> None:
    np.testing.assert_array_equal(read_matlab73(hdf5, ["annot2"])["annot2"].ravel(), np.arange(12.0))


def test_cells_come_one_at_a_time(hdf5: Path) -> None:
    assert [len(mask) for mask in read_matlab73_cells(hdf5, "Masks", [0, 2])] == [3, 5]
    assert "has 3 cells, number 4 is missing" in refused(list, read_matlab73_cells(hdf5, "Masks", [3]))


@pytest.mark.parametrize(
    ("name", "words"), [("vast", "claims 1099511627776 numbers"), ("name", "no array"), ("annot3", "is missing")]
)
def test_an_array_that_is_none_or_vast_is_one_line(hdf5: Path, name: str, words: str) -> None:
    assert words in refused(read_matlab73, hdf5, [name])


def test_more_cells_than_a_file_can_hold_are_one_line(hdf5: Path) -> None:
    assert "claims 1099511627776 cells" in refused(list, read_matlab73_cells(hdf5, "many", [0]))
    assert "no cell array" in refused(list, read_matlab73_cells(hdf5, "annot2", [0]))


def test_a_cut_file_of_version_73_is_one_line(hdf5: Path) -> None:
    hdf5.write_bytes(hdf5.read_bytes()[:1000])
    assert "not a whole HDF5 file" in refused(read_matlab73, hdf5, ["annot2"])
