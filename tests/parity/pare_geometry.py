"""Golden PARE: rotations and cameras."""

import pytest
import roma
import torch
from golden import Golden
from torch import Tensor

from hpe.geometry.camera_fit import fit_translation
from hpe.geometry.cameras import (
    camera_of_translation,
    crop_translation,
    full_image_translation,
    picture_camera,
    picture_points,
    project,
)
from hpe.geometry.rotations import rotmat_from_6d, rotmat_to_6d
from hpe.joints import joint_set

CHECKED = (
    *("rot", "cam/wp", "cam/persp", "cam/points_in", "cam/perspective_projection", "cam/weak_perspective_projection"),
    *("cam/bbox", "cam/focal_in", "cam/crop", "cam/estimate_translation"),
)
FOCAL, RESOLUTION, IMAGE = 5000.0, 224, torch.tensor([1280.0, 720.0])
NEAR, AT_PI = {"of_max": 2e-5}, {"atol": 1e-3}


@pytest.fixture(scope="module")
def matrices_of_6d(golden: Golden) -> Tensor:
    return rotmat_from_6d(golden.inputs("rot6d", golden.count("rot/rot6d_to_rotmat"), 6))


@pytest.fixture(scope="module")
def quaternions(golden: Golden) -> Tensor:
    """Not of length 1, with w last."""
    return roma.quat_wxyz_to_xyzw(golden.inputs("quat", golden.count("rot/quat_to_rotmat"), 4))


def check_turns(golden: Golden, name: str, rotvecs: Tensor) -> None:
    """Rotation vectors up to whole turns, and at half a turn up to their sign, which is the same rotation."""
    expected = roma.rotvec_to_rotmat(golden.vectors[name])
    torch.testing.assert_close(roma.rotvec_to_rotmat(rotvecs), expected, rtol=0, **AT_PI)


def test_six_numbers(golden: Golden, matrices_of_6d: Tensor) -> None:
    golden.check("rot/rot6d_to_rotmat", matrices_of_6d, **NEAR)
    golden.check("rot/rotmat_to_rot6d", rotmat_to_6d(matrices_of_6d), **NEAR)
    people = golden.vectors["rot/rotmat_to_rot6d_batched"]
    golden.check("rot/rotmat_to_rot6d_batched", rotmat_to_6d(matrices_of_6d).reshape(people.shape), **NEAR)


def test_rotation_vectors(golden: Golden, matrices_of_6d: Tensor) -> None:
    rotvecs = golden.vectors["rot/axis_angle_in"]
    turns = roma.rotvec_to_rotmat(rotvecs)
    golden.check("rot/batch_rodrigues", turns, **NEAR)
    check_turns(golden, "rot/rotation_matrix_to_angle_axis", roma.rotmat_to_rotvec(turns))
    check_turns(golden, "rot/rotation_matrix_to_angle_axis_of_rot6d", roma.rotmat_to_rotvec(matrices_of_6d))
    check_turns(golden, "rot/batch_rot2aa_of_rot6d", roma.rotmat_to_rotvec(matrices_of_6d))
    check_turns(golden, "rot/rectify_pose", roma.rotmat_to_rotvec(matrices_of_6d @ turns))


def test_quaternions(golden: Golden, matrices_of_6d: Tensor, quaternions: Tensor) -> None:
    unit = roma.quat_normalize(quaternions)
    golden.check("rot/quat_to_rotmat", roma.unitquat_to_rotmat(unit), **NEAR)
    check_turns(golden, "rot/quaternion_to_angle_axis", roma.unitquat_to_rotvec(unit))
    found = roma.quat_xyzw_to_wxyz(roma.rotmat_to_unitquat(matrices_of_6d))
    same_sign = (found * golden.vectors["rot/rotation_matrix_to_quaternion"]).sum(-1, keepdim=True).sign()
    golden.check("rot/rotation_matrix_to_quaternion", same_sign * found, **NEAR)


def test_euler_angles(golden: Golden) -> None:
    angles = golden.inputs("euler", golden.count("rot/batch_euler2matrix"), 3)
    golden.check("rot/batch_euler2matrix", roma.euler_to_rotmat("XYZ", angles), **NEAR)
    golden.check("rot/euler_to_quaternion", roma.quat_xyzw_to_wxyz(roma.euler_to_unitquat("XYZ", angles)), **NEAR)


def test_crop_camera(golden: Golden) -> None:
    camera, points = golden.vectors["cam/wp_in"], golden.vectors["cam/points_in"]
    translation = crop_translation(camera, FOCAL, RESOLUTION)
    golden.check("cam/wp_to_persp", translation, **NEAR)
    golden.check("cam/persp_to_wp", camera_of_translation(translation, FOCAL, RESOLUTION), **NEAR)
    golden.check("cam/perspective_projection", project(points, translation, FOCAL), **NEAR)


def test_crop_camera_after_a_turn(golden: Golden, matrices_of_6d: Tensor) -> None:
    camera, points = golden.vectors["cam/wp_in"], golden.vectors["cam/points_in"]
    turned = points @ matrices_of_6d[: len(points)].mT
    seen = project(turned, crop_translation(camera, FOCAL, RESOLUTION), FOCAL) + RESOLUTION / 2
    golden.check("cam/weak_perspective_projection", seen, **NEAR)


def test_camera_of_the_picture(golden: Golden) -> None:
    camera, focal = golden.vectors["cam/wp_in"], golden.vectors["cam/focal_in"]
    crop = torch.cat([golden.vectors["cam/bbox_center_in"], golden.vectors["cam/bbox_height_in"][:, None]], dim=1)
    size = IMAGE.expand(len(camera), 2)
    golden.check("cam/crop_to_full_img_cam", full_image_translation(camera, crop, size, focal), **NEAR)
    golden.check("cam/crop_cam_to_orig_img", picture_camera(camera, crop, size), **NEAR)
    units = 0.5 * golden.inputs("cam.kp2d", *golden.vectors["cam/crop_coords_to_orig_img"].shape)
    golden.check("cam/crop_coords_to_orig_img", picture_points(units, crop), **NEAR)


@pytest.mark.parametrize(("name", "first"), [("", len(joint_set("openpose_25"))), ("_all", 0)])
def test_translation_of_labels(name: str, first: int, golden: Golden) -> None:
    points = golden.vectors["cam/estimate_translation_in_S"][:, first:]
    seen, confidence = golden.vectors["cam/estimate_translation_in_j2d"][:, first:].split([2, 1], dim=-1)
    found = fit_translation(points, seen, confidence[..., 0], FOCAL, RESOLUTION / 2)
    golden.check(f"cam/estimate_translation{name}", found, **NEAR)
