import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe.metrics.pose import mpjpe
from hpe.metrics.scale import best_scale, n_mpjpe

TARGET = torch.randn(5, 14, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@given(st.floats(0.1, 10))
@settings(max_examples=20, deadline=None)
def test_the_scale_of_a_scaled_copy_is_found(factor):
    torch.testing.assert_close(best_scale(TARGET / factor, TARGET), torch.full((5,), factor, dtype=torch.float64))
    assert n_mpjpe(TARGET / factor, TARGET).max() < 1e-12


def test_no_other_scale_fits_better():
    prediction = TARGET + 0.3 * TARGET.roll(1, 0)
    scale = best_scale(prediction, TARGET)[:, None, None]

    def squares(factor):
        return (factor * prediction - TARGET).square().sum((-1, -2))

    assert (squares(scale) < torch.minimum(squares(1.01 * scale), squares(0.99 * scale))).all()


def test_a_sequence_has_one_scale():
    prediction = TARGET * torch.linspace(0.5, 2, 5)[:, None, None]
    scale = best_scale(prediction.flatten(0, 1), TARGET.flatten(0, 1))
    assert scale.shape == ()
    assert mpjpe(scale * prediction, TARGET).mean() > n_mpjpe(prediction, TARGET).mean()


def test_only_labelled_joints_decide():
    valid = torch.ones(5, 14, dtype=torch.bool)
    valid[:, 3] = False
    spoiled = TARGET.clone()
    spoiled[:, 3] = torch.nan
    torch.testing.assert_close(best_scale(spoiled / 2, TARGET, valid), torch.full((5,), 2.0, dtype=torch.float64))


def test_a_pose_of_zeros_has_no_scale():
    assert best_scale(torch.zeros(1, 14, 3), torch.ones(1, 14, 3)).isnan().all()
