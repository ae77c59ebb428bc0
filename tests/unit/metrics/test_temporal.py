import pytest
import torch

from hpe.metrics.temporal import (
    EMDB_IGNORED,
    accel_error_m_per_frame2,
    accel_error_m_per_s2,
    accel_m_per_frame2,
    accel_m_per_s2,
    emdb_jitter_m_per_s3,
    jitter_m_per_s3,
)

RATE = 25.0


def track(power, frames=9, joints=24):
    """Joints that move along x as seconds to this power."""
    seconds = torch.arange(frames, dtype=torch.float64) / RATE
    return torch.stack([seconds**power, 0 * seconds, 0 * seconds], dim=-1)[:, None].expand(-1, joints, -1)


def test_steady_motion_has_no_acceleration():
    assert accel_m_per_frame2(track(1)).abs().max() < 1e-15


def test_the_second_derivative_is_per_second_squared_and_has_two_frames_less():
    torch.testing.assert_close(accel_m_per_s2(track(2), RATE), torch.full((7,), 2.0, dtype=torch.float64))
    torch.testing.assert_close(accel_m_per_frame2(track(2)) * RATE**2, accel_m_per_s2(track(2), RATE))


def test_the_error_is_of_accelerations_and_not_of_places():
    assert accel_error_m_per_frame2(track(2) + track(1) + 5, track(2)).max() < 1e-12
    torch.testing.assert_close(accel_error_m_per_s2(track(1), track(2), RATE), accel_m_per_s2(track(2), RATE))


def test_the_third_derivative_is_jitter():
    torch.testing.assert_close(jitter_m_per_s3(track(3), RATE), torch.full((6,), 6.0, dtype=torch.float64))


def test_a_missing_frame_leaves_every_difference_across_it_undefined():
    positions, valid = track(2).clone(), torch.ones(9, 24, dtype=torch.bool)
    positions[4], valid[4] = torch.nan, False
    assert accel_m_per_frame2(positions, valid).isnan().tolist() == [False, False, True, True, True, False, False]
    assert jitter_m_per_s3(positions, RATE, valid).isnan().tolist() == [False] + [True] * 4 + [False]


def test_a_hidden_joint_leaves_the_others():
    positions, valid = track(2).clone(), torch.ones(9, 24, dtype=torch.bool)
    positions[4, 7], valid[4, 7] = 1e6, False
    torch.testing.assert_close(accel_m_per_s2(positions, RATE, valid), accel_m_per_s2(track(2), RATE))


def test_emdbs_jitter_holds_joints_still_but_divides_by_all():
    positions = track(3).clone()
    mean, deviation = emdb_jitter_m_per_s3(positions, RATE)
    assert mean.item() == pytest.approx(6 * (24 - len(EMDB_IGNORED)) / 24)
    assert deviation.item() < 1e-6
    torch.testing.assert_close(positions, track(3))


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_a_track_too_short_has_no_values(frames):
    assert accel_m_per_frame2(track(2, frames=frames)).shape == (0,)
    assert jitter_m_per_s3(track(2, frames=frames), RATE).shape == (0,)
