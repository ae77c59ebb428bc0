import torch

from hpe.geometry.cameras import project
from hpe.geometry.placement import Camera, place

PEOPLE, JOINTS = 4, 17
STANDS = torch.tensor([[0.3, -0.2, 3.0], [0.0, 0.5, 4.0], [-0.4, 0.1, 5.0], [1.0, 0.0, 8.0]])


def camera(focal_length, x, y):
    return Camera(torch.full((PEOPLE,), focal_length), torch.tensor([x, y]).expand(PEOPLE, 2))


CAMERAS = [camera(3.0, 0.6, -0.4), camera(40.0, 0.0, 0.0)]


def seen_by(one, joints, translation):
    return project(joints, translation, one.focal_length, one.principal_point)


def test_each_body_stands_before_the_camera_that_explains_its_joints():
    joints = 0.4 * torch.randn(PEOPLE, JOINTS, 3, generator=torch.Generator().manual_seed(0))
    far = STANDS * torch.tensor([1.0, 1.0, 12.0])
    first, second = seen_by(CAMERAS[0], joints, STANDS), seen_by(CAMERAS[1], joints, far)
    mine = torch.tensor([True, False, True, False])[:, None]
    placed = place(joints, first.where(mine[..., None], second), torch.ones(PEOPLE, JOINTS), CAMERAS)
    assert placed.camera.focal_length.tolist() == [3, 40, 3, 40]
    torch.testing.assert_close(placed.translation, STANDS.where(mine, far), atol=1e-3, rtol=1e-3)


def test_joints_without_confidence_say_nothing():
    joints = 0.4 * torch.randn(PEOPLE, JOINTS, 3, generator=torch.Generator().manual_seed(0))
    seen, confidence = seen_by(CAMERAS[0], joints, STANDS), torch.ones(PEOPLE, JOINTS)
    seen[:, 3:6], confidence[:, 3:6] = 7.0, 0.0
    seen[1], confidence[1] = 0.0, 0.0
    placed = place(joints, seen, confidence, CAMERAS)
    assert placed.translation.isnan().any(-1).tolist() == [False, True, False, False]
    others = [0, 2, 3]
    torch.testing.assert_close(placed.translation[others], STANDS[others], atol=1e-4, rtol=1e-4)
