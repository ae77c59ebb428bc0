import pytest
import roma
import torch

from hpe.geometry.rotations import flip_pose, global_rotations, rotate_in_plane, rotmat_from_6d, rotmat_to_6d
from hpe.joints import joint_set

MIRROR = torch.diag(torch.tensor([-1.0, 1.0, 1.0], dtype=torch.float64))


@pytest.fixture
def rotmats():
    torch.manual_seed(0)
    return roma.random_rotmat((3, 24), dtype=torch.float64)


def test_six_numbers_and_matrix_are_inverse(rotmats):
    torch.testing.assert_close(rotmat_from_6d(rotmat_to_6d(rotmats)), rotmats)


def test_any_six_numbers_make_a_rotation():
    rotation = rotmat_from_6d(torch.randn(50, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64))
    torch.testing.assert_close(rotation @ rotation.mT, torch.eye(3, dtype=torch.float64).expand(50, 3, 3))
    torch.testing.assert_close(torch.linalg.det(rotation), torch.ones(50, dtype=torch.float64))


def test_six_numbers_are_two_interleaved_columns():
    rotation = rotmat_from_6d(torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0, 1.0]))
    assert rotation[:, 0].tolist() == [1, 0, 0]
    assert rotation[:, 1].tolist() == [0, 0, 1]


def test_flipping_a_pose_twice_gives_it_back(rotmats):
    torch.testing.assert_close(flip_pose(flip_pose(rotmats)), rotmats)


def test_flipping_commutes_with_the_kinematic_chain(rotmats):
    torch.testing.assert_close(global_rotations(flip_pose(rotmats)), flip_pose(global_rotations(rotmats)))


def test_a_flipped_joint_is_the_mirror_image_of_its_partner(rotmats):
    left, right = joint_set("smpl_24").index("left_knee", "right_knee")
    torch.testing.assert_close(flip_pose(rotmats)[:, left], MIRROR @ rotmats[:, right] @ MIRROR)


def test_rotating_in_the_plane_is_clockwise_on_screen():
    right = torch.tensor([1.0, 0.0, 0.0])
    torch.testing.assert_close(rotate_in_plane(torch.tensor(90.0)) @ right, torch.tensor([0.0, 1.0, 0.0]))


def test_global_rotations_multiply_down_the_tree(rotmats):
    neck, head = joint_set("smpl_24").index("neck", "head")
    whole = global_rotations(rotmats)
    torch.testing.assert_close(whole[:, 0], rotmats[:, 0])
    torch.testing.assert_close(whole[:, head], whole[:, neck] @ rotmats[:, head])
