"""Data sets of HDF5 files are read where the file holds what it declares, and nowhere else."""

import h5py
import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.hdf5 import attribute, stored_dataset, write_attributes


@pytest.fixture
def file(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["far"] = np.arange(3.0)
    with h5py.File(tmp_path / "file.h5", "w") as file:
        yield file


@pytest.mark.parametrize("values", [np.arange(6.0).reshape(2, 3), np.array([b"a", b"bc"]), np.array([True])])
def test_what_is_stored_comes_through(file, values):
    file["plain"] = values
    np.testing.assert_array_equal(stored_dataset(file, "plain")[:], values)


def test_links_views_groups_and_the_heap_are_refused(file):
    file["far"] = h5py.ExternalLink("other.h5", "far")
    file["soft"] = h5py.SoftLink("/text")
    file.create_group("group")
    file["text"] = np.array(["a"], dtype=object)
    file["null"] = h5py.Empty("f8")
    file.create_dataset("raw", (3,), "f8", external=[("file.raw", 0, h5py.h5f.UNLIMITED)])
    view = h5py.VirtualLayout((3,), "f8")
    view[:] = h5py.VirtualSource("other.h5", "far", (3,))
    file.create_virtual_dataset("view", view)
    for name in file:
        with pytest.raises(UserError, match=rf"a\.h5: column '{name}' is not stored in this file as plain"):
            stored_dataset(file, name, "a.h5: ")


def test_claims_beyond_what_is_stored_are_refused(file):
    file.create_dataset("nothing", (10**12,), "f8")
    file.create_dataset("chunks", (10**6, 10**6), "f8", chunks=(10, 10))
    file["chunks"][0, 0] = 1
    file.create_dataset("zeros", data=np.zeros(10**5), compression="gzip")
    for name in file:
        with pytest.raises(UserError, match=f"column '{name}' is not stored in full"):
            stored_dataset(file, name)


def test_attributes_are_single_words_and_numbers(file):
    write_attributes(file, {"word": "ü", "number": 2, "nothing": ""})
    file.attrs.update({"free": "ü", "words": ["a", "b"], "null": h5py.Empty("f8")})
    assert [attribute(file, name) for name in ("word", "number", "nothing", "free")] == ["ü", 2, "", "ü"]
    assert [attribute(file, name) for name in ("words", "null", "missing")] == [None] * 3
    assert file.attrs.get_id("word").dtype.kind == "S"  # so not on the heap
