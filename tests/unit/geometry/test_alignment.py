import pytest
import roma
import torch

from hpe.geometry.alignment import procrustes, rigid, similarity


@pytest.fixture
def clouds():
    return torch.randn(2, 6, 14, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_it_agrees_with_roma(clouds):
    rotation, shift, scale = roma.rigid_points_registration(*clouds, compute_scaling=True)
    expected = scale[:, None, None] * clouds[0] @ rotation.mT + shift[:, None]
    torch.testing.assert_close(procrustes(*clouds), expected)


def test_a_moved_copy_is_moved_back(clouds):
    torch.manual_seed(0)
    moved = 0.3 * clouds[0] @ roma.random_rotmat(6, dtype=torch.float64).mT + 7
    torch.testing.assert_close(procrustes(moved, clouds[0]), clouds[0])


def test_aligning_twice_changes_nothing(clouds):
    once = procrustes(*clouds)
    torch.testing.assert_close(procrustes(once, clouds[1]), once)


def test_reflections_are_not_allowed(clouds):
    mirrored = clouds[0] * torch.tensor([1.0, -1.0, 1.0], dtype=torch.float64)
    residual = (procrustes(mirrored, clouds[0]) - clouds[0]).norm(dim=-1).mean(-1)
    assert residual.min() > 0.1


@pytest.mark.parametrize("size", [2, 3])
def test_batches_of_two_and_three_are_not_taken_for_coordinates(size, clouds):
    torch.testing.assert_close(procrustes(clouds[0, :size], clouds[1, :size]), procrustes(*clouds)[:size])


def test_two_and_three_points_are_points(clouds):
    line, target = clouds[0, :, :2], clouds[1, :, :2]
    torch.testing.assert_close(procrustes(line, target), target)
    assert procrustes(clouds[0, :, :3], clouds[1, :, :3]).shape == (6, 3, 3)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("points", [3, 14, 999])
def test_points_that_coincide_land_on_the_mean_of_the_target(points, dtype):
    place, target = torch.rand(50, 1, 3, dtype=dtype).expand(-1, points, -1), torch.randn(50, points, 3, dtype=dtype)
    assert (similarity(place, target).scale == 0).all()
    aligned = procrustes(place, target)
    torch.testing.assert_close(aligned, target.mean(-2, keepdim=True).expand_as(aligned))


def test_a_rigid_transform_keeps_lengths(clouds):
    move, free = rigid(*clouds), similarity(*clouds)
    assert (move.scale == 1).all()
    torch.testing.assert_close(move.rotation, free.rotation)
    torch.testing.assert_close(move(clouds[0]).diff(dim=-2).norm(dim=-1), clouds[0].diff(dim=-2).norm(dim=-1))


def test_the_transform_of_some_points_moves_others(clouds):
    move = similarity(clouds[0, :, :9], clouds[1, :, :9])
    torch.testing.assert_close(move(clouds[0])[:, :9], procrustes(clouds[0, :, :9], clouds[1, :, :9]))


def test_gradients_are_finite(clouds):
    source = clouds[0].clone().requires_grad_()
    (procrustes(source, clouds[1]) - clouds[1]).square().sum().backward()
    assert source.grad.isfinite().all()
