import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from hpe.errors import UserError
from hpe.geometry.calibrated import check_rigid, picture_points, to_camera, turn_root
from hpe.geometry.cameras import world_to_camera

RANDOM = np.random.default_rng(0)
TURN = Rotation.random(3, RANDOM).as_matrix()


def cameras():
    extrinsics = np.tile(np.eye(4), (3, 1, 1))
    extrinsics[:, :3, :3], extrinsics[:, :3, 3] = TURN, RANDOM.normal(size=(3, 3))
    return extrinsics


def test_the_root_turns_as_the_whole_body_does():
    pose, zero = RANDOM.normal(0, 0.6, (3, 72)), torch.zeros(3, 3, dtype=torch.float64)
    turned = turn_root(pose, TURN)
    before = torch.from_numpy(Rotation.from_rotvec(pose[:, :3]).as_matrix())
    expected = world_to_camera(before, zero, zero, torch.from_numpy(TURN), zero)[0]
    np.testing.assert_allclose(Rotation.from_rotvec(turned[:, :3]).as_matrix(), expected, atol=1e-12)
    assert np.array_equal(turned[:, 3:], pose[:, 3:])


def test_a_point_on_the_axis_is_seen_at_the_principal_point_and_one_behind_nowhere():
    intrinsics = np.array([[1000.0, 0, 320], [0, 1100, 240], [0, 0, 1]])
    seen, in_front = picture_points(np.array([[[0.0, 0, 2], [0.2, 0.2, 2], [0, 0, -2]]]), intrinsics)
    assert seen.tolist() == [[[320, 240], [420, 350], [0, 0]]]
    assert in_front.tolist() == [[True, True, False]]


def test_the_camera_itself_is_the_origin_of_its_frame():
    extrinsics = cameras()
    own = -(extrinsics[:, :3, :3].swapaxes(1, 2) @ extrinsics[:, :3, 3:]).swapaxes(1, 2)
    np.testing.assert_allclose(to_camera(own, extrinsics), np.zeros((3, 1, 3)), atol=1e-12)


@pytest.mark.parametrize("factor", [1.1, -1])
def test_what_is_no_rotation_is_named(factor):
    extrinsics = cameras()
    check_rigid(extrinsics, "walk.pkl")
    extrinsics[1, :3, :3] *= factor
    with pytest.raises(UserError, match=r"walk\.pkl: the camera of frame 1 is no rotation"):
        check_rigid(extrinsics, "walk.pkl")
