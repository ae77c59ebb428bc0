import pytest
import roma
import torch

from hpe.geometry.cameras import (
    camera_of_translation,
    crop_translation,
    default_focal_length,
    full_image_translation,
    picture_camera,
    picture_points,
    project,
    project_crop,
    world_to_camera,
)

FOCAL_LENGTH, RESOLUTION = 5000.0, 224


@pytest.fixture
def camera():
    return torch.tensor([[0.9, 0.1, -0.2], [1.2, 0.0, 0.3]], dtype=torch.float64)


@pytest.fixture
def points():
    return 0.5 * torch.randn(2, 24, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_a_point_on_the_axis_is_seen_in_the_centre():
    seen = project(torch.zeros(1, 1, 3), torch.tensor([[0.0, 0.0, 2.0]]), 1000.0, torch.tensor([[320.0, 240.0]]))
    assert seen.tolist() == [[[320.0, 240.0]]]


def test_things_shrink_with_distance():
    point = torch.tensor([[[1.0, 2.0, 0.0]]])
    near, far = (project(point, torch.tensor([[0.0, 0.0, depth]]), 100.0) for depth in (2.0, 4.0))
    torch.testing.assert_close(near, 2 * far)


def test_every_sample_may_have_its_own_focal_length(points):
    translation = torch.tensor([[0.0, 0.0, 5.0]] * 2, dtype=torch.float64)
    both = project(points, translation, torch.tensor([500.0, 900.0], dtype=torch.float64))
    torch.testing.assert_close(both[1], project(points[1], translation[1], 900.0))


def test_the_crop_camera_is_weak_perspective_for_a_flat_body(camera, points):
    flat = points * points.new_tensor([1.0, 1.0, 0.0])
    expected = camera[:, None, :1] * (flat[..., :2] + camera[:, None, 1:])
    torch.testing.assert_close(project_crop(flat, camera, FOCAL_LENGTH, RESOLUTION), expected, rtol=1e-6, atol=1e-8)


def test_a_body_twice_as_large_in_the_crop_is_half_as_far(camera):
    near = crop_translation(camera * torch.tensor([2.0, 1.0, 1.0]), FOCAL_LENGTH, RESOLUTION)
    far = crop_translation(camera, FOCAL_LENGTH, RESOLUTION)
    torch.testing.assert_close(2 * near[:, 2], far[:, 2])


def test_crop_and_full_camera_see_a_flat_body_in_the_same_pixels(camera, points):
    crop = torch.tensor([[300.0, 200.0, 150.0], [900.0, 500.0, 400.0]], dtype=torch.float64)
    size = torch.tensor([[1280.0, 720.0]] * 2, dtype=torch.float64)
    focal = default_focal_length(size)
    flat = points * points.new_tensor([1.0, 1.0, 0.0])
    in_crop = project_crop(flat, camera, FOCAL_LENGTH, RESOLUTION)
    expected = crop[:, None, :2] + in_crop * crop[:, None, 2:] / 2
    translation = full_image_translation(camera, crop, size, focal)
    torch.testing.assert_close(project(flat, translation, focal, size / 2), expected, rtol=1e-6, atol=1e-5)


def test_the_camera_of_the_picture_sees_what_the_crops_camera_sees(camera, points):
    crop = torch.tensor([[300.0, 200.0, 150.0], [900.0, 500.0, 400.0]], dtype=torch.float64)
    size = torch.tensor([[1280.0, 720.0]] * 2, dtype=torch.float64)
    flat = points[..., :2]
    expected = picture_points(camera[:, None, :1] * (flat + camera[:, None, 1:]), crop)
    scale, shift = picture_camera(camera, crop, size)[:, None].split(2, dim=-1)
    torch.testing.assert_close((scale * (flat + shift) + 1) * size[:, None] / 2, expected)


def test_camera_and_translation_are_inverse(camera):
    translation = crop_translation(camera, FOCAL_LENGTH, RESOLUTION)
    torch.testing.assert_close(camera_of_translation(translation, FOCAL_LENGTH, RESOLUTION), camera)


def test_the_default_focal_length_is_the_diagonal():
    assert default_focal_length(torch.tensor([[400.0, 300.0]])).tolist() == [500.0]


def test_a_body_in_the_camera_frame_is_the_body_in_the_world_seen_by_the_camera(points):
    torch.manual_seed(0)
    (orientation, turn), (place, root, move) = roma.random_rotmat((2, 2)).double(), torch.randn(3, 2, 3).double()

    def posed(rotation, translation):
        """As SMPL does: turned about the root, then moved."""
        return (points - root[:, None]) @ rotation.mT + (root + translation)[:, None]

    seen = posed(*world_to_camera(orientation, place, root, turn, move))
    torch.testing.assert_close(seen, posed(orientation, place) @ turn.mT + move[:, None])
