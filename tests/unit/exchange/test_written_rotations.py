import numpy as np
import pytest
import roma
import torch

from hpe.errors import UserError
from hpe.exchange.rotations import axis_angle
from hpe.geometry.rotations import rotmat_to_6d

POSES = np.random.default_rng(0).normal(0, 0.5, (5, 72)).astype(np.float32)
MATRICES = roma.rotvec_to_rotmat(torch.from_numpy(POSES).unflatten(1, (24, 3)))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("pose", POSES),
        ("pose", POSES.reshape(5, 24, 3)),
        ("pose", MATRICES.numpy()),
        ("pose", MATRICES.flatten(1).numpy()),
        ("pose6d", rotmat_to_6d(MATRICES).numpy()),
        ("pred_pose_6D", rotmat_to_6d(MATRICES).flatten(1).numpy()),
    ],
)
def test_every_layout_gives_the_same_axis_angles(name, values):
    np.testing.assert_allclose(axis_angle(values, name), POSES, atol=1e-5)


def test_matrices_that_were_smoothed_become_the_nearest_rotations():
    np.testing.assert_allclose(axis_angle(1.1 * MATRICES.numpy(), "pose"), POSES, atol=1e-5)


def test_a_person_that_is_not_finite_stays_so_and_spoils_nobody_else():
    spoilt = MATRICES.numpy().copy()
    spoilt[2, 5, 0, 0] = np.nan
    result = axis_angle(spoilt, "pose")
    assert np.isnan(result[2]).all()
    np.testing.assert_allclose(result[[0, 1, 3, 4]], POSES[[0, 1, 3, 4]], atol=1e-5)


@pytest.mark.parametrize(("name", "width"), [("pose", 144), ("pose6d", 126), ("pose", 66)])
def test_other_numbers_of_numbers_are_refused(name, width):
    with pytest.raises(UserError, match=f"'{name}' has {width} numbers a person"):
        axis_angle(np.zeros((2, width)), name)
