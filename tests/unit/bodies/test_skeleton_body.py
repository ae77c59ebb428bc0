import pytest
import torch
from hand_made import small_body

from hpe.bodies.body import Body
from hpe.bodies.skeleton_body import skeleton_body
from hpe.geometry.rotations import rotmat_from_6d


@pytest.mark.parametrize("joint_set", ["smpl_24", "smpl_45", "openpose_25"])
def test_a_few_vertices_have_the_joints_of_all(body: Body, joint_set: str) -> None:
    lean = skeleton_body(body)
    assert lean.num_vertices == 24 + 21
    assert_same_joints(body, lean, joint_set)


def test_regressed_joints_keep_the_vertices_that_they_weigh() -> None:
    whole = small_body(seed=0, vertices=400)
    lean = skeleton_body(whole)
    assert_same_joints(whole, lean, "j14")


def assert_same_joints(whole: Body, lean: Body, joint_set: str) -> None:
    random = torch.Generator().manual_seed(0)
    rotmats = rotmat_from_6d(torch.randn(5, 24, 6, generator=random))
    betas = torch.randn(5, 10, generator=random)
    expected, found = whole(rotmats, betas), lean(rotmats, betas)
    torch.testing.assert_close(
        lean.joints(found.vertices, joint_set, found.joints),
        whole.joints(expected.vertices, joint_set, expected.joints),
        atol=2e-6,
        rtol=0,
    )
