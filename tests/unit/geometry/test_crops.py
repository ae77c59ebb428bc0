import cv2
import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from hpe.geometry.crops import (
    crop_affine,
    crop_camera,
    keypoint_box,
    pixel_affine,
    pixel_index,
    square_crop,
    transform_points,
    turn_matrix,
    turn_points,
)
from hpe.geometry.rotations import rotate_in_plane

crops = st.tuples(st.floats(-500, 2500), st.floats(-500, 2500), st.floats(20, 3000)).map(np.array)
angles = st.floats(-180, 180)


def test_square_crop_is_centred_on_the_box_with_its_longer_edge():
    assert square_crop(np.array([10.0, 20.0, 40.0, 100.0]), 1.2).tolist() == [30, 70, 120]


def test_plain_crop_sends_its_edges_to_plus_and_minus_one():
    corners = np.array([[50.0, 20.0], [150.0, 120.0]])
    assert np.allclose(transform_points(crop_affine(np.array([100.0, 70.0, 100.0])), corners), [[-1, -1], [1, 1]])


@given(crop=crops, degrees=angles, flip=st.booleans(), seed=st.integers(0, 99))
def test_projection_of_turned_points_is_the_transformed_projection(crop, degrees, flip, seed):
    generator = np.random.default_rng(seed)
    points = generator.uniform([-3, -3, 1], [3, 3, 9], (24, 3))
    focal, principal = generator.uniform(300, 2000), generator.uniform(0, 1000, 2)
    projected = focal * points[:, :2] / points[:, 2:] + principal
    affine = crop_affine(crop, degrees, flip)
    crop_focal, crop_principal = crop_camera(affine, focal, principal)
    turned = turn_points(points, degrees, flip)
    ours = crop_focal * turned[:, :2] / turned[:, 2:] + crop_principal
    assert np.allclose(ours, transform_points(affine, projected), atol=1e-6, rtol=1e-9)


@given(degrees=angles)
def test_turn_agrees_with_the_rotation_of_cameras(degrees):
    rotation = rotate_in_plane(torch.tensor(degrees, dtype=torch.float64)).numpy()
    assert np.allclose(turn_matrix(degrees, flip=False), rotation[:2, :2])


@given(crop=crops, point=st.tuples(st.floats(-99, 99), st.floats(-99, 99)).map(np.array))
def test_flip_negates_x_of_crop_units(crop, point):
    plain = transform_points(crop_affine(crop), point[None])
    assert np.allclose(transform_points(crop_affine(crop, flip=True), point[None]), plain * [-1, 1], atol=1e-9)


def test_flipping_a_picture_twice_gives_the_same_pixels():
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    mirror = pixel_affine(crop_affine(np.array([16.0, 16.0, 32.0]), flip=True), 32)
    once = cv2.warpAffine(picture, mirror, (32, 32))
    assert np.array_equal(once, picture[:, ::-1])
    assert np.array_equal(cv2.warpAffine(once, mirror, (32, 32)), picture)


def test_warped_pixels_are_where_transformed_points_say():
    picture = np.zeros((100, 100), dtype=np.float32)
    picture[60:64, 20:24] = 1  # its middle is the point (22, 62)
    affine = crop_affine(np.array([30.0, 55.0, 60.0]), degrees=30.0, flip=True)
    warped = cv2.warpAffine(picture, pixel_affine(affine, 120), (120, 120))
    row, column = np.indices(warped.shape)
    middle = np.array([(column * warped).sum(), (row * warped).sum()]) / warped.sum() + 0.5
    assert np.allclose(middle / 60 - 1, transform_points(affine, np.array([[22.0, 62.0]]))[0], atol=0.003)


def test_pixel_index_of_the_corners():
    row, column = pixel_index(np.array([[-1.0, -1.0], [0.999, -0.999], [1.0, 0.0]]), 8)
    assert row.tolist() == [0, 0, 4]
    assert column.tolist() == [0, 7, 8]  # the right edge itself is outside


def test_the_box_is_tight_around_what_is_seen():
    points = np.array([[10.0, 20.0], [40.0, 25.0], [999.0, 999.0]])
    assert keypoint_box(points, np.array([0.1, 1.0, 0.0])).tolist() == [10, 20, 30, 5]


def test_nothing_seen_has_no_box():
    assert np.isnan(keypoint_box(np.ones((3, 2)), np.zeros(3))).all()


@given(seed=st.integers(0, 99))
def test_a_batch_is_its_people_one_by_one(seed):
    generator = np.random.default_rng(seed)
    crop, points = generator.uniform(20, 300, (5, 3)), generator.uniform(-99, 99, (5, 4, 3))
    degrees, flip = generator.uniform(-90, 90, 5), generator.random(5) < 0.5
    affine, turned = crop_affine(crop, degrees, flip), turn_points(points, degrees, flip)
    moved, (focal, middle) = (
        transform_points(affine, points[..., :2]),
        crop_camera(affine, np.full(5, 9.0), crop[:, :2]),
    )
    for one in range(5):
        alone = crop_affine(crop[one], degrees[one], bool(flip[one]))
        camera = crop_camera(alone, 9.0, crop[one, :2])
        assert np.allclose(affine[one], alone)
        assert np.allclose(turned[one], turn_points(points[one], degrees[one], bool(flip[one])))
        assert np.allclose(moved[one], transform_points(alone, points[one, :, :2]))
        assert np.allclose([focal[one], *middle[one]], [camera[0], *camera[1]])
