"""Files of joblib: `joblib_1_6.pkl` was written by joblib itself, which the suite does not need."""

import os
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.joblib_pickle import read_pickle

GOLDEN = Path(__file__).with_name("joblib_1_6.pkl")


class Shell:
    def __init__(self, call, *arguments):
        self.reduced = call, arguments

    def __reduce__(self):
        return self.reduced


def test_a_file_of_joblib_comes_through():
    data = read_pickle(GOLDEN)
    np.testing.assert_array_equal(data["rows"], np.arange(6.0, dtype=np.float32).reshape(2, 3))
    np.testing.assert_array_equal(data["columns"], np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(data["none"], np.zeros((0, 3)))
    np.testing.assert_array_equal(data["names"], ["a", "bc"])
    assert data["number"] == np.float32(0.5)
    assert data["nested"] == [{"text": "ü", "nothing": None}]


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_an_ordinary_pickle_comes_through(tmp_path, protocol):
    path = tmp_path / "plain.pkl"
    path.write_bytes(pickle.dumps({1: {"pose": np.arange(6.0).reshape(2, 3)}}, protocol))
    np.testing.assert_array_equal(read_pickle(path)[1]["pose"], np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("call", [os.system, eval, getattr])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_code_is_refused_by_name_and_not_run(tmp_path, call, protocol):
    victim, path = tmp_path / "victim", tmp_path / "evil.pkl"
    path.write_bytes(pickle.dumps({"pose": Shell(call, f"touch {victim}")}, protocol))
    with pytest.raises(UserError, match=rf"evil\.pkl asks for \w+\.{call.__name__}"):
        read_pickle(path)
    assert not victim.exists()


def test_a_file_cut_anywhere_is_one_line(tmp_path):
    path, data = tmp_path / "cut.pkl", GOLDEN.read_bytes()
    for length in range(0, len(data) - 1, 7):
        path.write_bytes(data[:length])
        with pytest.raises(UserError, match="not a whole pickle") as caught:
            read_pickle(path)
        assert "\n" not in str(caught.value)


def test_an_array_larger_than_its_file_is_not_made(tmp_path):
    path, data = tmp_path / "huge.pkl", GOLDEN.read_bytes()
    # The first array's shape (2, 3) becomes (2, 2^31 - 1); the frame around it grows by the three bytes more.
    wide = data.replace(b"K\x02K\x03\x86", b"K\x02J\xff\xff\xff\x7f\x86", 1)
    frame = struct.unpack("<Q", data[3:11])[0]
    path.write_bytes(wide[:3] + struct.pack("<Q", frame + 3) + wide[11:])
    with pytest.raises(UserError, match="buffer is smaller than requested size"):
        read_pickle(path)


def test_arrays_of_objects_are_refused(tmp_path):
    path, data = tmp_path / "objects.pkl", GOLDEN.read_bytes()
    path.write_bytes(data.replace(b"\x8c\x02f4\x94", b"\x8c\x02O8\x94", 1))
    with pytest.raises(UserError, match="an array of object, not of numbers"):
        read_pickle(path)


@pytest.mark.parametrize(("magic", "kind"), [(b"x\x9c", "zlib"), (b"\x1f\x8b", "gzip"), (b"PK", "zip")])
def test_a_compressed_file_says_how_to_write_it(tmp_path, magic, kind):
    path = tmp_path / "small.pkl"
    path.write_bytes(magic + bytes(100))
    with pytest.raises(UserError, match=rf"compressed \({kind}\).*compress=0"):
        read_pickle(path)
