"""Arrays whose pickle lies about them: refused where numpy would take bytes of the file for addresses."""

import pickle

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.safe_pickle import load

ARRAYS = [
    np.arange(6.0).reshape(2, 3),
    np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
    np.arange(3, dtype=">f4"),
    np.array([True, False]),
    np.array(["a", "bcü"]),
    np.array([b"a", b"bc"]),
    np.zeros((0, 3)),
    np.array([1 + 2j]),
    np.float32(0.5),
    np.bool_(True),
]


@pytest.mark.parametrize("protocol", [0, 2, 3, 4, 5])
@pytest.mark.parametrize("array", ARRAYS, ids=repr)
def test_arrays_come_through(tmp_path, array, protocol):
    path = tmp_path / "array.pkl"
    path.write_bytes(pickle.dumps(array, protocol))
    back = load(path)
    np.testing.assert_array_equal(back, array)
    assert back.shape == array.shape
    assert back.dtype.newbyteorder("=") == array.dtype.newbyteorder("=")


def test_lists_in_arrays_of_objects_come_through(tmp_path):
    path = tmp_path / "objects.pkl"
    path.write_bytes(pickle.dumps(np.array([[1, 2], None, "x"], dtype=object)))
    assert load(path).tolist() == [[1, 2], None, "x"]


class Reduced:
    def __init__(self, *parts):
        self.parts = parts

    def __reduce__(self):
        return self.parts


def lying_type():
    """The dtype of objects, with flags that deny that it holds any."""
    return Reduced(np.dtype, ("O8", False, True), (3, "<", None, None, None, -1, -1, 0))


RECONSTRUCT, SCALAR, BUFFER = (
    np.zeros(0).__reduce__()[0],
    np.float64(0).__reduce__()[0],
    np.zeros(1).__reduce_ex__(5)[0],
)


@pytest.mark.parametrize(
    "evil",
    [
        Reduced(RECONSTRUCT, (np.ndarray, (0,), b"b"), (1, (1,), lying_type(), False, b"\x01" * 8)),
        Reduced(SCALAR, (lying_type(), b"\x01" * 8)),
        Reduced(BUFFER, (b"\x01" * 8, lying_type(), (1,), "C")),
        Reduced(RECONSTRUCT, (np.ndarray, (0,), b"b"), (1, (10**12,), np.dtype("f8"), False, b"\x01" * 8)),
        Reduced(BUFFER, (b"\x01" * 8, Reduced(np.dtype, ("f4,O",)), (1,), "C")),
        Reduced(RECONSTRUCT, (np.ndarray, (0,), b"b"), (1, (3,), np.dtype("O"), False, [1])),
        Reduced(RECONSTRUCT, (np.ndarray, (0,), b"b"), (1, (10**9,), np.dtype("O"), False, [1])),
        Reduced(RECONSTRUCT, (np.ndarray, (0,), b"b"), (1, (-1, -1), np.dtype("O"), False, [1])),
    ],
    ids=["array", "scalar", "buffer", "more than its bytes", "structure", "list", "long list", "negative list"],
)
def test_bytes_are_never_taken_for_objects(tmp_path, evil):
    path = tmp_path / "evil.pkl"
    path.write_bytes(pickle.dumps(evil))
    with pytest.raises(UserError, match="not a whole pickle") as caught:
        load(path)
    assert "\n" not in str(caught.value)
