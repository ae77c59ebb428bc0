"""Other people's pickles: data come through, code does not."""

import os
import pickle
import tracemalloc

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.safe_pickle import load


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_plain_data_come_through(tmp_path, protocol):
    data = {"poses": [np.arange(6.0).reshape(2, 3)], "genders": ["m", "f"], "fps": np.float64(30), "raw": b"\xff"}
    path = tmp_path / "sequence.pkl"
    path.write_bytes(pickle.dumps(data, protocol))
    loaded = load(path)
    np.testing.assert_array_equal(loaded.pop("poses"), data.pop("poses"))
    assert loaded == data


def test_strings_of_python_2_are_latin1(tmp_path):
    path = tmp_path / "old.pkl"
    path.write_bytes(b"\x80\x02U\x03\x41\xe4\x42.")
    assert load(path) == "AäB"


class Shell:
    def __init__(self, call, *arguments):
        self.reduced = call, arguments

    def __reduce__(self):
        return self.reduced


@pytest.mark.parametrize("call", [os.system, eval, getattr])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_code_is_refused_by_name_and_not_run(tmp_path, call, protocol):
    victim, path = tmp_path / "victim", tmp_path / "evil.pkl"
    path.write_bytes(pickle.dumps({"poses": Shell(call, f"touch {victim}")}, protocol))
    with pytest.raises(UserError, match=call.__name__):
        load(path)
    assert not victim.exists()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_truncated_file_is_one_line(tmp_path, share):
    whole = pickle.dumps({"poses": np.zeros(100)})
    path = tmp_path / "cut.pkl"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(UserError, match="not a whole pickle") as caught:
        load(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "claim",
    [
        b"K\x01r\xff\xff\xff\x7f",  # an object's place in the memo, for which C's unpickler makes room up to there
        b"\x96" + (1 << 40).to_bytes(8, "little"),  # the length of a bytearray
        b"\x8e" + (1 << 40).to_bytes(8, "little"),  # and of bytes
        b"\x95" + (1 << 40).to_bytes(8, "little"),  # and of a frame
    ],
)
def test_claims_of_a_pickle_take_no_memory(tmp_path, claim):
    path = tmp_path / "claims.pkl"
    path.write_bytes(b"\x80\x05" + claim)
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="not a whole pickle"):
            load(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 22
    finally:
        tracemalloc.stop()


def test_a_name_of_two_lines_is_one_line(tmp_path):
    path = tmp_path / "evil.pkl"
    path.write_bytes(b"\x80\x04\x8c\x03o\ns\x8c\x06system\x93.")
    with pytest.raises(UserError, match=r"asks for o\\ns\.system"):
        load(path)


def test_a_picture_in_place_of_a_pickle_is_one_line_in_words(tmp_path):
    path = tmp_path / "sequence.pkl"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(UserError, match=r"sequence\.pkl is not a whole pickle file \(KeyError\); fetch it again"):
        load(path)
