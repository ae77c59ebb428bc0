"""Stores and annotations of hostile size and shape: one line each, without the memory that they claim."""

import resource
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import h5py
import numpy as np
import pytest

from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.files.json_file import read_json

MANY = 10**12


@contextmanager
def little_memory(mebibytes: int = 256) -> Iterator[None]:
    """Let this process map no more than so much beyond what it has."""
    here = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (here + (mebibytes << 20), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def fault(path: Path) -> str:
    """The one line that opening a store gives, for which it took no memory to speak of."""
    tracemalloc.start()
    try:
        with little_memory(), pytest.raises(UserError) as caught:
            Store.open(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 24
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


def claims_rows(file: h5py.File) -> None:
    for name, dataset in list(file.items()):
        shape, kind = dataset.shape[1:], dataset.dtype
        del file[name]
        file.create_dataset(name, (MANY, *shape), kind)


def claims_chunks(file: h5py.File) -> None:
    del file["betas"]
    file.create_dataset("betas", (MANY, 10), "f4", chunks=(1000, 10))[:3] = 1


def claims_width(file: h5py.File) -> None:
    del file["image"]
    file.create_dataset("image", (8,), f"S{1 << 30}", chunks=(1,))


def is_compressed(file: h5py.File) -> None:
    del file["betas"]
    file.create_dataset("betas", data=np.zeros((10**6, 10), "f4"), compression="gzip")


def is_a_group(file: h5py.File) -> None:
    del file["image"]
    file.create_group("image")


def is_null(file: h5py.File) -> None:
    del file["image"]
    file["image"] = h5py.Empty("S8")


def is_one_number(file: h5py.File) -> None:
    del file["image"]
    file["image"] = np.bytes_("a.jpg")


def is_a_structure(file: h5py.File) -> None:
    del file["frame"]
    file["frame"] = np.zeros(8, dtype=[("a", "i4"), ("b", "i4")])


def is_text_on_the_heap(file: h5py.File) -> None:
    del file["image"]
    file["image"] = np.array(["a.jpg"] * 8, dtype=object)


def is_not_text(file: h5py.File) -> None:
    del file["image"]
    file["image"] = np.array([b"\xff\xfe"] * 8)


def lies_elsewhere(file: h5py.File) -> None:
    del file["betas"]
    file["betas"] = h5py.ExternalLink("/etc/passwd", "betas")


def lies_in_raw_bytes_elsewhere(file: h5py.File) -> None:
    del file["betas"]
    file.create_dataset("betas", (8, 10), "f4", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)])


def goes_round(file: h5py.File) -> None:
    del file["betas"]
    file["betas"] = h5py.SoftLink("/betas")


def has_numbers_for_words(file: h5py.File) -> None:
    file.attrs["image_root"] = np.arange(3)


def has_arrays_for_words(file: h5py.File) -> None:
    file.attrs["schema"] = np.arange(3)


HOSTILE: dict[Callable[[h5py.File], None], str] = {
    claims_rows: "is not stored in full in this file",
    claims_chunks: "column 'betas' is not stored in full",
    claims_width: "column 'image' is not stored in full",
    is_compressed: "column 'betas' is not stored in full",
    is_a_group: "column 'image' is not stored in this file as plain",
    is_null: "column 'image' is not stored in this file as plain",
    is_one_number: "has shape",
    is_a_structure: "column 'frame' holds NumPy kind 'V'",
    is_text_on_the_heap: "column 'image' is not stored in this file as plain",
    is_not_text: "cannot be read as a store",
    lies_elsewhere: "column 'betas' is not stored in this file as plain",
    lies_in_raw_bytes_elsewhere: "column 'betas' is not stored in this file as plain",
    goes_round: "column 'betas' is not stored in this file as plain",
    has_numbers_for_words: "attribute 'image_root' is missing or no text",
    has_arrays_for_words: "not a store of hpe",
}


@pytest.mark.parametrize(("spoil", "words"), HOSTILE.items(), ids=[spoil.__name__ for spoil in HOSTILE])
def test_a_hostile_store_is_one_line(make_store, spoil, words):
    path = make_store().path
    with h5py.File(path, "r+") as file:
        spoil(file)
    assert words in fault(path)


def test_a_store_larger_than_the_memory_is_one_line(make_store, monkeypatch):
    path = make_store().path
    monkeypatch.setattr("os.sysconf", lambda name: 10)
    assert "GiB of memory" in fault(path)


def test_a_store_cut_at_any_byte_is_one_line(make_store):
    path = make_store().path
    data = path.read_bytes()
    for length in np.random.default_rng(0).integers(0, len(data), 40):
        path.write_bytes(data[:length])
        fault(path)


def test_a_store_with_damaged_bytes_is_one_line_or_a_store(make_store):
    path = make_store().path
    data, random = path.read_bytes(), np.random.default_rng(1)
    for place in random.integers(0, 8192, 60):
        path.write_bytes(data[:place] + random.bytes(4) + data[place + 4 :])
        with little_memory(), suppress(UserError):
            assert len(Store.open(path)) == 8


def test_json_of_a_hostile_size_is_not_read(tmp_path):
    path = tmp_path / "annotations.json"
    with path.open("wb") as file:
        file.truncate(3 << 30)
    with little_memory(), pytest.raises(UserError, match="more than such a file can have"):
        read_json(path)


def test_json_of_a_hostile_shape_is_one_line(tmp_path, monkeypatch):
    path = tmp_path / "annotations.json"
    for text in ("[" * 10**5, "[" + "{}," * 4 * 10**6 + "0]", "9" * 5000, '{"a": NaN'):
        path.write_text(text)
        with little_memory(64), pytest.raises(UserError, match="is not JSON") as caught:
            read_json(path)
        assert "\n" not in str(caught.value)
    monkeypatch.setattr("os.sysconf", lambda name: 1)
    with pytest.raises(UserError, match="GiB of memory"):
        read_json(path)
