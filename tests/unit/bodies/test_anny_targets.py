"""anny's targets read whole are what anny reads itself, line by line."""

import gzip
import importlib

import pytest
import roma
import torch

from hpe.bodies.anny_targets import read_target, whole_files

pytestmark = pytest.mark.slow  # anny takes seconds to import
LINES = "3 .125 -1 2e-3\n0 1 2 3.0000001\n"


@pytest.fixture
def full_model():
    return importlib.import_module("anny.models.full_model")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("lines", [LINES, ""])
def test_offsets_are_those_that_anny_reads(lines, dtype, tmp_path, full_model):
    path = tmp_path / "tall.target.gz"
    path.write_bytes(gzip.compress(lines.encode()))
    turn = roma.Rigid(roma.random_rotmat(1, dtype=dtype), torch.zeros(1, 3, dtype=dtype))
    assert torch.equal(read_target(str(path), 5, turn, dtype), full_model.load_blend_shape(str(path), 5, turn, dtype))


def test_anny_reads_its_own_way_afterwards(full_model):
    own = full_model.load_blend_shape
    with whole_files():
        assert full_model.load_blend_shape is read_target
    assert full_model.load_blend_shape is own
