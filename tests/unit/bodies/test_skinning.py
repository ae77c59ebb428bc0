"""The fast way to pose bodies gives what smplx gives."""

import pytest
import roma
import torch

from hpe.bodies.body import Body
from hpe.bodies.skinning import BLOCK, SLICE, Skinner


@pytest.mark.parametrize("people", [1, SLICE + 1, BLOCK + 3])
def test_meshes_and_joints_are_those_of_the_body(body: Body, people: int) -> None:
    generator = torch.Generator().manual_seed(people)
    with_pose_blends = body.smpl.posedirs.clone()
    rotmats = roma.rotvec_to_rotmat(torch.randn(people, 24, 3, generator=generator))
    betas = torch.randn(people, 10, generator=generator)
    body.smpl.posedirs.normal_(0, 0.005, generator=generator)
    try:
        slices = [part.map(torch.clone) for part in Skinner(body).posed(rotmats, betas)]
        expected = body(rotmats, betas)
    finally:
        body.smpl.posedirs.copy_(with_pose_blends)
    assert max(len(part.joints) for part in slices) <= SLICE
    assert torch.allclose(torch.cat([part.vertices for part in slices]), expected.vertices, atol=1e-5)
    assert torch.allclose(torch.cat([part.joints for part in slices]), expected.joints, atol=1e-5)
