"""What every metric promises: samples stay apart, precision hardly matters, and failures show."""

from functools import partial

import pytest
import roma
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe.metrics.orientation import mpjae, pa_mpjae
from hpe.metrics.pose import mpjpe, mrpe, pa_mpjpe, pve
from hpe.metrics.reductions import mean
from hpe.metrics.scale import best_scale, n_mpjpe
from hpe.metrics.temporal import accel_error_m_per_frame2, accel_error_m_per_s2, emdb_jitter_m_per_s3, jitter_m_per_s3
from hpe.metrics.thresholds import auc, challenge_auc, pck
from hpe.metrics.world import foot_sliding, rte, w_mpjpe, wa_mpjpe


def of_rotations(prediction, target):
    return mpjae(roma.rotvec_to_rotmat(prediction), roma.rotvec_to_rotmat(target))


def of_turned_rotations(prediction, target):
    return pa_mpjae(roma.rotvec_to_rotmat(prediction), roma.rotvec_to_rotmat(target), prediction, target)


SMOOTH = {
    "mpjpe": mpjpe,
    "pa_mpjpe": pa_mpjpe,
    "n_mpjpe": n_mpjpe,
    "best_scale": best_scale,
    "pve": pve,
    "mrpe": partial(mrpe, roots=[1, 2]),
    "mpjae": of_rotations,
    "pa_mpjae": of_turned_rotations,
    "accel_error": accel_error_m_per_frame2,
    "accel_error_m_per_s2": partial(accel_error_m_per_s2, frame_rate=30.0),
    "jitter": lambda prediction, target: jitter_m_per_s3(prediction, frame_rate=30.0),
    "emdb_jitter": lambda prediction, target: torch.stack(emdb_jitter_m_per_s3(prediction, 30.0), dim=-1),
    "w_mpjpe": partial(w_mpjpe, chunk=3),
    "wa_mpjpe": partial(wa_mpjpe, chunk=3),
    "foot_sliding": lambda prediction, target: foot_sliding(prediction, target)[0],
    "rte": lambda prediction, target: rte(prediction[..., 0, :], target[..., 0, :]),
}
STEPPED = {
    "pck": partial(pck, threshold=0.1),
    "auc": auc,
    "challenge_auc": challenge_auc,
}
METRICS = SMOOTH | STEPPED
every_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())


def clips(seed=0, people=7):
    """Clips of 5 frames with 24 joints, so that metrics of poses and of tracks take the same."""
    generator = torch.Generator().manual_seed(seed)
    target = 0.3 * torch.randn(people, 5, 24, 3, generator=generator, dtype=torch.float64)
    return target + 0.05 * torch.randn(target.shape, generator=generator, dtype=torch.float64), target


@every_metric
@given(seed=st.integers(0, 10_000), sizes=st.permutations([1, 2, 3, 7]))
@settings(max_examples=4, deadline=None)
def test_a_sample_does_not_depend_on_its_batch(metric, seed, sizes):
    prediction, target = clips(seed, people=sum(sizes))
    alone = torch.cat([metric(*one) for one in zip(prediction.split(1), target.split(1), strict=True)])
    together = [metric(*part) for part in zip(prediction.split(sizes), target.split(sizes), strict=True)]
    torch.testing.assert_close(torch.cat(together), alone, equal_nan=True)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (3, 3), (2, 2), (3, 14)])
@pytest.mark.parametrize("metric", [mpjpe, pa_mpjpe, n_mpjpe, pve, pck, auc])
def test_two_and_three_are_sizes_like_any_other(metric, shape):
    prediction, target = torch.randn(2, *shape, 3, dtype=torch.float64)
    alone = [metric(one, other) for one, other in zip(prediction, target, strict=True)]
    torch.testing.assert_close(metric(prediction, target), torch.stack(alone), equal_nan=True)


@every_metric
@given(st.permutations(range(7)))
@settings(max_examples=4, deadline=None)
def test_reordering_the_samples_reorders_the_values(metric, order):
    prediction, target = clips()
    expected = metric(prediction, target)[list(order)]
    torch.testing.assert_close(metric(prediction[list(order)], target[list(order)]), expected, equal_nan=True)


@pytest.mark.parametrize("metric", SMOOTH.values(), ids=SMOOTH.keys())
@given(seed=st.integers(0, 10_000))
@settings(max_examples=4, deadline=None)
def test_single_precision_is_enough(metric, seed):
    prediction, target = clips(seed)
    single = metric(prediction.float(), target.float())
    assert single.dtype is torch.float32
    torch.testing.assert_close(single.double(), metric(prediction, target), rtol=2e-4, atol=2e-6)


@pytest.mark.parametrize("metric", STEPPED.values(), ids=STEPPED.keys())
def test_single_precision_counts_alike(metric):
    prediction, target = clips()
    double = metric(prediction, target)
    torch.testing.assert_close(metric(prediction.float(), target.float()).double(), double, equal_nan=True)


@every_metric
@pytest.mark.parametrize("broken", [torch.nan, torch.inf, -torch.inf])
def test_a_failed_prediction_is_undefined_and_counted_and_spoils_no_other(metric, broken):
    prediction, target = clips()
    expected = metric(prediction, target)
    prediction[3, 2, 1, 1] = broken
    prediction[3, 2, 0, 1] = broken
    found = metric(prediction, target)
    assert not found.isinf().any()
    others = [0, 1, 2, 4, 5, 6]
    torch.testing.assert_close(found[others], expected[others], equal_nan=True)
    assert mean(found).undefined > mean(expected).undefined
