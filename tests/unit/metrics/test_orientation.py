import pytest
import roma
import torch

from hpe.metrics.orientation import SCORED, joint_angle, mpjae, pa_mpjae


@pytest.fixture
def rotations():
    torch.manual_seed(0)
    return roma.random_rotmat((4, 24), dtype=torch.float64)


@pytest.mark.parametrize("degrees", [0.0, 0.01, 30.0, 179.0])
def test_the_angle_is_the_angle_turned(degrees, rotations):
    turn = roma.rotvec_to_rotmat(torch.deg2rad(torch.tensor([degrees, 0.0, 0.0]).double()))
    angle = joint_angle(turn @ rotations, rotations)
    torch.testing.assert_close(angle, torch.full_like(angle, degrees), atol=1e-6, rtol=0)


def test_only_nine_joints_are_scored(rotations):
    other = rotations.clone()
    other[:, [joint for joint in range(24) if joint not in SCORED]] = torch.eye(3).double()
    assert mpjae(other, rotations).max() < 1e-6


def test_a_body_turned_as_a_whole_has_no_error_after_alignment(rotations):
    joints, turn = torch.randn(4, 24, 3).double(), roma.random_rotmat(4, dtype=torch.float64)[:, None]
    turned = joints @ turn[:, 0].mT
    assert mpjae(turn @ rotations, rotations).min() > 1
    assert pa_mpjae(turn @ rotations, rotations, turned, joints).max() < 1e-5
