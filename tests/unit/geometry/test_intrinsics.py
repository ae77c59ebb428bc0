"""A camera comes back out of what it sees."""

import numpy as np

from hpe.geometry.intrinsics import fit_intrinsics, lens_points, pinhole_points

INTRINSICS = np.array([[1500.0, 0, 1020], [0, 1490, 1030], [0, 0, 1]])
POINTS = np.random.default_rng(0).uniform([-1, -1, 3], [1, 1, 5], (4, 17, 3))


def test_a_camera_is_fitted_to_what_it_sees():
    pixels = lens_points(POINTS, INTRINSICS)
    np.testing.assert_allclose(fit_intrinsics(POINTS.reshape(-1, 3), pixels.reshape(-1, 2)), INTRINSICS, atol=1e-9)


def test_no_camera_is_fitted_to_nothing():
    assert np.isnan(fit_intrinsics(np.empty((0, 3)), np.empty((0, 2)))[0, 0])
    assert np.isnan(fit_intrinsics(np.ones((5, 3)), np.ones((5, 2)))[1, 2])


def test_a_lens_without_distortion_is_a_pinhole():
    focal, centre = INTRINSICS.diagonal()[None, :2].repeat(4, 0), INTRINSICS[None, :2, 2].repeat(4, 0)
    np.testing.assert_allclose(pinhole_points(POINTS, focal, centre), lens_points(POINTS, INTRINSICS))


def test_a_barrel_draws_points_towards_its_centre():
    barrel = np.array([-0.2, 0, 0, 0, 0])
    away = np.linalg.norm(lens_points(POINTS, INTRINSICS) - INTRINSICS[:2, 2], axis=-1)
    drawn = np.linalg.norm(lens_points(POINTS, INTRINSICS, barrel) - INTRINSICS[:2, 2], axis=-1)
    assert (drawn < away).all()
