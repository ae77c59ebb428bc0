import pickle

import numpy as np
import pytest
import torch

from hpe.bodies.face_parts import parts_by_skinning, parts_by_vertex, read_vertex_parts
from hpe.errors import UserError
from hpe.joints import joint_set

FACES = torch.tensor([[0, 1, 2], [1, 2, 3]])


def test_a_face_shows_the_part_that_moves_it_most():
    weights = torch.zeros(4, 24)
    weights[0, 3], weights[1:3, 5], weights[3, 7] = 1.0, 0.5, 1.0
    weights[1:3, 3] = 0.4
    assert parts_by_skinning(weights, FACES).tolist() == [3, 5]


def test_a_face_shows_the_lowest_part_of_its_labelled_corners():
    assert parts_by_vertex(np.array([4, 7, 9, 23]), FACES).tolist() == [4, 7]


def test_the_free_body_shows_all_parts_on_their_own_side(body):
    rest = body.rest(torch.zeros(10)).vertices
    middle = rest[body.faces].mean(1)
    names = joint_set("smpl_24").names
    for part in range(24):
        shown = middle[body.face_parts == part]
        assert len(shown) > 0, names[part]
        if names[part].startswith(("left", "right")):
            assert (shown[:, 0].mean() > 0) == names[part].startswith("left"), names[part]


@pytest.fixture
def mapping(tmp_path):
    def write(**entries):
        path = tmp_path / "smpl_partSegmentation_mapping.pkl"
        path.write_bytes(pickle.dumps(entries, protocol=2))
        return path

    return write


def test_the_mapping_file_is_read(mapping):
    ids = np.arange(30) % 24
    assert read_vertex_parts(mapping(smpl_index=ids, v2p=[[1, 2]]), 30).tolist() == ids.tolist()
    assert read_vertex_parts(mapping(smpl_index=ids.tolist()), 30).tolist() == ids.tolist()


@pytest.mark.parametrize(
    "entries",
    [
        {"smpl_index": np.zeros(29, int)},
        {"smpl_index": np.full(30, 24)},
        {"smpl_index": np.full(30, -1)},
        {"smpl_index": np.zeros(30)},
        {"smpl_index": [[0]] * 30},
        {"parts": np.zeros(30, int)},
    ],
    ids=["short", "large", "negative", "real", "nested", "missing"],
)
def test_another_file_is_one_line(mapping, entries):
    with pytest.raises(UserError, match="'smpl_index' should be 30 numbers of parts from 0 to 23"):
        read_vertex_parts(mapping(**entries), 30)
