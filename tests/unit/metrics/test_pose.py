import pytest
import roma
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe.metrics.pose import aligned, centre, mpjpe, mrpe, pa_mpjpe, pve


@pytest.fixture
def poses():
    generator = torch.Generator().manual_seed(0)
    target = torch.randn(7, 14, 3, generator=generator, dtype=torch.float64)
    return target + 0.1 * torch.randn(7, 14, 3, generator=generator, dtype=torch.float64), target


def test_mpjpe_is_the_mean_distance():
    target = torch.zeros(1, 2, 3)
    prediction = torch.tensor([[[3.0, 4.0, 0.0], [0.0, 0.0, 1.0]]])
    assert mpjpe(prediction, target).tolist() == [3.0]


def test_pve_is_the_mean_distance_of_vertices():
    assert pve(torch.full((2, 5, 3), 1.0), torch.zeros(2, 5, 3)).tolist() == pytest.approx([3**0.5] * 2)


def test_centre_puts_the_mean_of_the_roots_at_the_origin(poses):
    centred = centre(poses[0], [2, 3])
    torch.testing.assert_close(centred[:, 2], -centred[:, 3])


@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-5, 5))
@settings(max_examples=25, deadline=None)
def test_pa_ignores_similarity_transforms(seed, scale, shift):
    generator = torch.Generator().manual_seed(seed)
    target, other = torch.randn(2, 3, 14, 3, generator=generator, dtype=torch.float64)
    prediction = target + 0.1 * other
    rotation = roma.special_gramschmidt(torch.randn(3, 2, generator=generator, dtype=torch.float64).T.mT)
    moved = scale * prediction @ rotation.mT + shift
    torch.testing.assert_close(pa_mpjpe(moved, target), pa_mpjpe(prediction, target))


def test_pa_of_a_moved_copy_is_zero_but_of_a_mirror_image_is_not(poses):
    target = poses[1]
    assert pa_mpjpe(3 * target + 1, target).max() < 1e-12
    assert pa_mpjpe(target * torch.tensor([-1.0, 1.0, 1.0]), target).min() > 0.1


@pytest.mark.parametrize("metric", [mpjpe, pa_mpjpe])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_sample_does_not_depend_on_its_batch(metric, size, poses):
    prediction, target = poses
    alone = torch.cat([metric(one, other) for one, other in zip(prediction.split(1), target.split(1), strict=True)])
    together = [metric(*pair) for pair in zip(prediction.split(size), target.split(size), strict=True)]
    torch.testing.assert_close(torch.cat(together), alone)


@pytest.mark.parametrize("metric", [mpjpe, pa_mpjpe])
def test_reordering_the_samples_reorders_the_errors(metric, poses):
    order = torch.tensor([3, 1, 6, 0, 5, 2, 4])
    torch.testing.assert_close(metric(poses[0][order], poses[1][order]), metric(*poses)[order])


@pytest.mark.parametrize("metric", [mpjpe, pa_mpjpe])
def test_what_is_unlabelled_does_not_count(metric, poses):
    prediction, target = poses
    valid = torch.ones(7, 14, dtype=torch.bool)
    valid[:, 4:6] = False
    expected = metric(prediction[:, valid[0]], target[:, valid[0]])
    torch.testing.assert_close(metric(prediction, target, valid), expected)
    torch.testing.assert_close(metric(prediction, target.masked_fill(~valid[..., None], torch.nan)), expected)


@pytest.mark.parametrize("metric", [mpjpe, pa_mpjpe])
def test_undefined_is_nan_and_never_zero(metric, poses):
    prediction, target = poses[0].clone(), poses[1]
    prediction[1, 3, 0] = torch.nan
    prediction[2, 3, 0] = torch.inf
    valid = torch.ones(7, 14, dtype=torch.bool)
    valid[0] = False
    assert metric(prediction, target, valid).isfinite().tolist() == [False] * 3 + [True] * 4


def test_pa_needs_three_labelled_joints(poses):
    valid = torch.zeros(7, 14, dtype=torch.bool)
    valid[:, :2] = True
    assert pa_mpjpe(*poses, valid).isnan().all()
    assert mpjpe(*poses, valid).isfinite().all()


def test_pa_in_single_precision_keeps_its_digits_far_from_the_origin(poses):
    prediction, target = (pose.float() + 100 for pose in poses)
    torch.testing.assert_close(pa_mpjpe(prediction, target), pa_mpjpe(*poses).float(), atol=1e-4, rtol=0)
    assert pa_mpjpe(prediction, target).dtype is torch.float32


def test_clips_keep_their_time_axis(poses):
    clips = [pose.unflatten(0, (1, 7)) for pose in poses]
    assert mpjpe(*clips).shape == pa_mpjpe(*clips).shape == (1, 7)


def test_the_root_error_is_the_distance_of_the_roots(poses):
    moved = poses[1] + torch.tensor([3.0, 4.0, 0.0])
    torch.testing.assert_close(mrpe(moved, poses[1], [2, 3]), torch.full((7,), 5.0, dtype=torch.float64))


def test_errors_of_visible_and_hidden_joints_make_up_the_whole(poses):
    visible = torch.rand(7, 14, generator=torch.Generator().manual_seed(1)) > 0.5
    seen, hidden = (mpjpe(*poses, part) * part.sum(-1) for part in (visible, ~visible))
    torch.testing.assert_close((seen + hidden) / 14, mpjpe(*poses))


def test_hidden_joints_can_be_measured_after_alignment_by_all(poses):
    prediction, target = poses
    hidden = torch.zeros(7, 14, dtype=torch.bool)
    hidden[:, :2] = True
    assert pa_mpjpe(prediction, target, hidden).isnan().all()
    errors = [mpjpe(aligned(prediction, target), target, part) for part in (hidden, ~hidden)]
    torch.testing.assert_close((2 * errors[0] + 12 * errors[1]) / 14, pa_mpjpe(prediction, target))


def test_a_metric_joint_by_joint_is_that_of_poses_of_one_joint(poses):
    each = mpjpe(*(pose[..., None, :] for pose in poses))
    assert each.shape == (7, 14)
    torch.testing.assert_close(each.mean(-1), mpjpe(*poses))
