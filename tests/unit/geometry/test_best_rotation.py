import pytest
import roma
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe.geometry.best_rotation import best_rotation


def covariances(singular, count=200):
    """Matrices with these signed singular values between random rotations, and the rotations they ask for."""
    torch.manual_seed(0)
    left, right = (roma.random_rotmat(count, dtype=torch.float64) for _ in range(2))
    return left @ torch.diag(torch.tensor(singular, dtype=torch.float64)) @ right.mT, left @ right.mT


@given(st.tuples(*[st.floats(0.05, 1)] * 3), st.sampled_from([1.0, -1.0]), st.floats(-9, 9))
@settings(max_examples=50, deadline=None)
def test_the_rotation_between_the_singular_vectors_is_found(singular, mirror, magnitude):
    first, second, third = sorted(singular, reverse=True)
    # With a mirror image, equal second and third values have many best rotations.
    third = mirror * (third if mirror > 0 else min(third, 0.7 * second))
    matrices, expected = covariances([first, second, third], count=20)
    torch.testing.assert_close(best_rotation(10**magnitude * matrices), expected, atol=1e-8, rtol=0)


@pytest.mark.parametrize(
    "singular",
    [[1.0, 1e-5, 1e-5], [1.0, 1e-9, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.5, -0.5], [1.0, 1.0, -1.0]],
    ids=["thin", "thinner", "line", "point", "mirrored", "turned inside out"],
)
def test_where_many_rotations_are_best_one_of_them_is_found(singular):
    matrices, _ = covariances(singular)
    rotation = best_rotation(matrices)
    torch.testing.assert_close(rotation @ rotation.mT, torch.eye(3).double().expand_as(rotation))
    assert torch.linalg.det(rotation).min() > 0
    traces = (rotation * matrices).sum((-1, -2))
    torch.testing.assert_close(traces, torch.full_like(traces, sum(singular)))


def test_a_plane_has_one_best_rotation():
    matrices, expected = covariances([1.0, 0.3, 0.0])
    torch.testing.assert_close(best_rotation(matrices), expected)


def test_what_is_not_finite_is_undefined_and_spoils_no_other():
    matrices, expected = covariances([1.0, 0.5, 0.2], count=3)
    matrices[1, 0, 0], matrices[2, 1, 1] = torch.nan, torch.inf
    found = best_rotation(matrices)
    torch.testing.assert_close(found[0], expected[0])
    assert found[1:].isnan().all()


def test_gradients_are_right():
    matrices, _ = covariances([1.0, 0.5, -0.2], count=2)
    assert torch.autograd.gradcheck(best_rotation, matrices.requires_grad_())
