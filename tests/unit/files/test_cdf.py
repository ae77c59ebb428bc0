"""CDF files: numbers come through, and a file that is cut, packed too well or claims too much is one line."""

from pathlib import Path

import cdflib.cdfwrite
import numpy as np
import pytest

from hpe.errors import UserError
from hpe.files.cdf import read_cdf


def write_cdf(path: Path, values: np.ndarray, packed: int = 0, file_packed: int = 0) -> None:
    file = cdflib.cdfwrite.CDF(path, cdf_spec={"Compressed": file_packed})
    shape = list(values.shape[1:])
    # 45 is a number of double precision
    about = {"Variable": "Pose", "Data_Type": 45, "Num_Elements": 1, "Rec_Vary": True, "Dim_Sizes": shape}
    file.write_var({**about, "Compress": packed}, var_data=values)
    file.close()


@pytest.mark.parametrize("packed", [{}, {"packed": 5}, {"file_packed": 5}])
def test_numbers_come_through(tmp_path: Path, packed: dict[str, int]) -> None:
    values = np.random.default_rng(0).random((1, 7, 96))
    write_cdf(tmp_path / "pose.cdf", values, **packed)
    np.testing.assert_array_equal(read_cdf(tmp_path / "pose.cdf", "Pose"), values)


@pytest.mark.parametrize("packed", [{}, {"packed": 5}, {"file_packed": 5}])
def test_more_than_a_file_may_hold_is_one_line(tmp_path: Path, packed: dict[str, int]) -> None:
    write_cdf(tmp_path / "pose.cdf", np.zeros((1, 5000, 96)), **packed)
    with pytest.raises(UserError, match=r"more than such a file can have|more numbers than") as caught:
        read_cdf(tmp_path / "pose.cdf", "Pose", most_bytes=1 << 20)
    assert "\n" not in str(caught.value)


def test_a_claim_of_a_billion_records_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "pose.cdf"
    write_cdf(path, np.zeros((1, 7, 96)))
    data = bytearray(path.read_bytes())
    # The variable's record: its name stands 84 bytes in, its last record's number 24.
    start = data.find(b"Pose") - 84
    data[start + 24 : start + 28] = (10**9).to_bytes(4, "big")
    path.write_bytes(data)
    with pytest.raises(UserError, match="claims more numbers"):
        read_cdf(path, "Pose")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.3, 0.9])
def test_a_cut_file_is_one_line(tmp_path: Path, share: float) -> None:
    path = tmp_path / "pose.cdf"
    write_cdf(path, np.random.default_rng(0).random((1, 7, 96)))
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(UserError, match=r"pose\.cdf is not a whole CDF file") as caught:
        read_cdf(path, "Pose")
    assert "\n" not in str(caught.value)


def test_another_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no file"):
        read_cdf(tmp_path / "pose.cdf", "Pose")
    write_cdf(tmp_path / "pose.cdf", np.zeros((1, 7, 96)))
    with pytest.raises(UserError, match=r"'Box'.*not found"):
        read_cdf(tmp_path / "pose.cdf", "Box")
