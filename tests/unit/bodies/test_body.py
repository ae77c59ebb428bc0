"""The body as a module: poses move it as they must, and it leaves no trace in checkpoints."""

import pytest
import roma
import torch

from hpe.errors import UserError
from hpe.joints import joint_map, joint_set

IDENTITY = torch.eye(3).expand(24, 3, 3)


@pytest.fixture
def pose():
    generator = torch.Generator().manual_seed(0)
    return roma.rotvec_to_rotmat(0.4 * torch.randn(3, 24, 3, generator=generator))


@pytest.fixture
def betas():
    return torch.randn(3, 10, generator=torch.Generator().manual_seed(1))


def test_identity_pose_is_the_rest_pose(body, betas):
    posed, rest = body(IDENTITY.expand(3, 24, 3, 3), betas), body.rest(betas)
    torch.testing.assert_close(posed.vertices, rest.vertices, atol=1e-5, rtol=0)
    torch.testing.assert_close(posed.joints, rest.joints, atol=1e-5, rtol=0)


def test_mean_shape_is_the_template(body):
    posed = body(IDENTITY, torch.zeros(10))
    torch.testing.assert_close(posed.vertices, body.smpl.v_template, atol=1e-6, rtol=0)


def test_global_rotation_turns_the_body_about_its_pelvis(body, pose, betas):
    turn = roma.random_rotmat(3)
    turned = torch.cat([turn[:, None] @ pose[:, :1], pose[:, 1:]], dim=1)
    before, after = body(pose, betas), body(turned, betas)
    pelvis = before.joints[:, :1]
    expected = (before.vertices - pelvis) @ turn.transpose(-1, -2) + pelvis
    torch.testing.assert_close(after.vertices, expected, atol=1e-5, rtol=0)


def test_bones_keep_their_length(body, pose, betas):
    def bones(joints):
        return (joints[:, 1:] - joints[:, joint_set("smpl_24").parents[1:]]).norm(dim=-1)

    torch.testing.assert_close(bones(body(pose, betas).joints), bones(body.rest(betas).joints), atol=1e-5, rtol=0)


def test_translation_moves_every_point(body, pose, betas):
    offset = torch.tensor([1.0, -2.0, 3.0]).expand(3, 3)
    still, moved = body(pose, betas), body(pose, betas, offset)
    torch.testing.assert_close(moved.vertices, still.vertices + offset[:, None], atol=1e-5, rtol=0)
    torch.testing.assert_close(moved.joints, still.joints + offset[:, None], atol=1e-5, rtol=0)


@pytest.mark.parametrize("leading", [(), (1,), (2, 3)])
def test_any_leading_axes(body, leading):
    posed = body(IDENTITY.expand(*leading, 24, 3, 3), torch.zeros(*leading, 10))
    assert posed.vertices.shape == (*leading, body.num_vertices, 3)
    assert posed.joints.shape == (*leading, 24, 3)
    assert body.joints(posed.vertices, "openpose_25", posed.joints).shape == (*leading, 25, 3)


def test_gradients_reach_pose_and_shape(body, pose, betas):
    pose.requires_grad_(), betas.requires_grad_()
    body(pose, betas).vertices.square().sum().backward()
    assert (pose.grad.abs().sum((-1, -2)) > 0).all()
    assert (betas.grad.abs() > 0).all()


def test_autocast_does_not_blur_the_mesh(body, pose, betas):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        blurred = body(pose, betas).vertices
    torch.testing.assert_close(blurred, body(pose, betas).vertices)


def test_no_parameter_and_nothing_in_the_state(body):
    assert not list(body.parameters())
    assert not body.state_dict()


def test_parts_and_faces(body):
    assert body.parts.unique().tolist() == list(range(24))
    assert body.faces.min() == 0
    assert body.faces.max() == body.num_vertices - 1


def test_skeleton_is_taken_where_it_is_given(body, pose, betas):
    posed = body(pose, betas)
    assert body.joints(posed.vertices, "smpl_24", posed.joints) is posed.joints
    rest = body.rest(betas)
    torch.testing.assert_close(body.joints(rest.vertices, "smpl_24"), rest.joints)


def test_picked_joints_are_vertices(body, pose, betas):
    posed = body(pose, betas)
    joints = body.joints(posed.vertices, "smpl_45", posed.joints)
    nose = joint_set("smpl_45").names.index("nose")
    assert torch.equal(joints[:, nose], posed.vertices[:, body.vertex_ids["nose"]])
    openpose = body.joints(posed.vertices, "openpose_25", posed.joints)
    assert torch.equal(openpose, joints[:, list(joint_map("smpl_45", "openpose_25"))])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("j14", "J_regressor_h36m.npy"),
        ("spin_49", "J_regressor_extra.npy"),
        ("openpose_24", "did you mean 'openpose_25'"),
    ],
)
def test_sets_that_the_free_body_lacks(body, name, message):
    with pytest.raises(UserError, match=message):
        body.joints(body.smpl.v_template, name)
