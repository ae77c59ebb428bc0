import pytest
import roma
import torch

from hpe.metrics.pose import pa_mpjpe
from hpe.metrics.world import foot_sliding, rte, w_mpjpe, wa_mpjpe


@pytest.fixture
def walk():
    generator = torch.Generator().manual_seed(0)
    root = 0.05 * torch.randn(250, 1, 3, generator=generator, dtype=torch.float64).cumsum(0)
    return root + 0.3 * torch.randn(250, 24, 3, generator=generator, dtype=torch.float64)


def moved(points, scale=1.3):
    return scale * points @ roma.rotvec_to_rotmat(torch.tensor([0.1, 0.4, -0.2]).double()).mT + 5


@pytest.mark.parametrize("metric", [w_mpjpe, wa_mpjpe])
def test_another_world_frame_is_no_error(metric, walk):
    assert metric(moved(walk), walk).max() < 1e-12


def test_drift_counts_from_the_first_two_frames_on(walk):
    drift = walk + 0.001 * torch.arange(250)[:, None, None]
    error = w_mpjpe(drift, walk)
    assert error[99] > 10 * error[2]
    assert error[100] < error[99] / 10
    assert wa_mpjpe(drift, walk).mean() < error.mean()


def test_the_last_chunk_may_be_short(walk):
    torch.testing.assert_close(
        wa_mpjpe(moved(walk) + 0.01 * walk.roll(1, 0), walk)[200:],
        wa_mpjpe((moved(walk) + 0.01 * walk.roll(1, 0))[200:], walk[200:]),
    )


def test_chunks_of_one_frame_are_pa_mpjpe(walk):
    prediction = walk + 0.1 * walk.roll(1, 0)
    torch.testing.assert_close(wa_mpjpe(prediction, walk, chunk=1), pa_mpjpe(prediction, walk))


def test_root_trajectories_are_turned_and_moved_but_not_scaled(walk):
    root = walk[:, 0]
    assert rte(moved(root, scale=1.0), root).max() < 1e-12
    path = root.diff(dim=0).norm(dim=-1).sum()
    expected = 0.1 * (root - root.mean(0)).norm(dim=-1) / path
    torch.testing.assert_close(rte(moved(root, scale=1.1), root), expected)


def test_who_never_moves_has_no_trajectory_error():
    assert rte(torch.randn(9, 3), torch.ones(9, 3)).isnan().all()


def test_feet_slide_only_where_they_should_stand():
    steps = torch.tensor([0.0, 0.001, 0.03, 0.001, 0.02])
    target = torch.stack([steps.cumsum(0), 0 * steps, 0 * steps], dim=-1)[:, None]
    sliding, standing = foot_sliding(2 * target, target)
    torch.testing.assert_close(sliding[:, 0], 2 * steps[1:])
    assert standing[:, 0].tolist() == [True, False, True, False]
