import pytest
import roma
import torch

from hpe.geometry.smoothing import one_euro, one_euro_rotations

SETTING = (0.04, 0.3)


@pytest.fixture
def walk():
    """A joint that turns by 30 degrees in 60 frames, and the same with jitter of 3 degrees."""
    torch.manual_seed(0)
    angles = torch.linspace(0, torch.pi / 6, 60, dtype=torch.float64)[:, None]
    clean = roma.rotvec_to_rotmat(angles * torch.tensor([0.6, 0.0, 0.8]))
    return clean, roma.rotvec_to_rotmat(0.05 * torch.randn(60, 3, dtype=torch.float64)) @ clean


def jitter(rotmats):
    return roma.rotmat_geodesic_distance(rotmats[1:], rotmats[:-1]).diff().abs().mean()


def test_what_stands_still_stays(walk):
    still = walk[0][:1].expand(9, 3, 3)
    torch.testing.assert_close(one_euro_rotations(still, *SETTING), still)
    torch.testing.assert_close(one_euro(still, *SETTING), still)


def test_rotations_stay_rotations_and_entries_do_not(walk):
    def off(rotmats):
        return (rotmats @ rotmats.mT - torch.eye(3)).abs().max()

    assert off(one_euro_rotations(walk[1], *SETTING)) < 1e-9
    assert off(one_euro(walk[1], *SETTING)) > 1e-2


def test_jitter_shrinks_and_the_motion_stays(walk):
    clean, noisy = walk
    smooth = one_euro_rotations(noisy, *SETTING)
    assert jitter(smooth) < 0.5 * jitter(noisy)
    error = roma.rotmat_geodesic_distance(smooth, clean).mean()
    assert error < roma.rotmat_geodesic_distance(noisy, clean).mean()


def test_rotations_are_filtered_alike_in_any_frame(walk):
    left, right = roma.random_rotmat(2, dtype=torch.float64)
    turned = one_euro_rotations(left @ walk[1] @ right, *SETTING)
    torch.testing.assert_close(turned, left @ one_euro_rotations(walk[1], *SETTING) @ right)


def test_half_a_turn_is_no_obstacle():
    """Rotation vectors jump there, from pi to -pi; rotations do not."""
    angles = torch.linspace(3.0, 3.3, 30, dtype=torch.float64)[:, None]
    rotmats = roma.rotvec_to_rotmat(angles * torch.tensor([0.0, 1.0, 0.0]))
    smooth = one_euro_rotations(rotmats, *SETTING)
    assert roma.rotmat_geodesic_distance(smooth[1:], smooth[:-1]).max() < 0.011


def test_about_one_axis_rotations_are_numbers():
    torch.manual_seed(0)
    angles = 0.2 * torch.randn(20, 1, dtype=torch.float64)
    axis = torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64)
    turned = one_euro_rotations(roma.rotvec_to_rotmat(angles * axis), *SETTING)
    torch.testing.assert_close(roma.rotmat_to_rotvec(turned), one_euro(angles, *SETTING) * axis)


@pytest.mark.parametrize("way", [one_euro, one_euro_rotations])
def test_a_long_pause_is_waited_out(way, walk):
    """After a thousand frames without the person, what was known of it weighs next to nothing."""
    two = walk[0][[0, 20]]
    near, far = (way(two, *SETTING, torch.tensor([pause])) for pause in (1.0, 1000.0))
    assert (far[1] - two[1]).abs().max() < 0.02 < (near[1] - two[1]).abs().max()
