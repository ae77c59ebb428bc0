"""Golden PARE: crops, their labels and pasted occluders."""

import numpy as np
import pytest
import torch
from golden_crops import GoldenArrays, keypoints2d, keypoints3d, normalised, rotations, turned_pose, view, whole_pixels

from hpe.datasets.cutouts import paste, scaled
from hpe.datasets.legacy_crops import affine_crop, spin_crop
from hpe.geometry.crops import keypoint_box, square_crop

CHECKED = (
    *("data/crop", "data/rgb_processing", "data/demo_crop", "data/image_in", "data/kp_in", "data/j2d", "data/j3d"),
    *("data/pose", "data/rot_aa", "data/get_transform64", "data/transform_pts", "data/bbox_from_kp2d"),
    *("occ", "const/img_norm"),
)
RESOLUTION, CENTRE, SIDE = 224, (151.3, 208.7), 200 * 1.37
SMALL = view(19, 26, 200 * 0.21)


@pytest.mark.parametrize(("name", "rotation"), [("crop", 0.0), ("crop_rot", 20.0)])
def test_crop(arrays: GoldenArrays, name: str, rotation: float) -> None:
    expected = arrays[f"data/{name}"]
    found = spin_crop(arrays["data/image_in"], view(*SMALL.crop, rotation), len(expected))
    assert np.abs(found - expected).mean() < 0.5


def test_mirrored_crop_with_gains(arrays: GoldenArrays) -> None:
    expected = arrays["data/rgb_processing_flip_pn"]
    crop = spin_crop(arrays["data/image_in"], view(*SMALL.crop, flip=True), expected.shape[-1])
    assert np.abs((crop * [1.2, 0.9, 1.0]).clip(0, 255).transpose(2, 0, 1) / 255 - expected).mean() < 0.5 / 255


def test_crop_of_the_demo(arrays: GoldenArrays) -> None:
    expected = arrays["data/demo_crop"]
    found = np.rint(affine_crop(arrays["data/image_in"], view(19, 26, 1.1 * 40), len(expected)))
    assert np.abs(found - expected).max() <= 1
    assert np.abs(normalised(found) - arrays["data/demo_crop_norm"]).max() <= 1.01 / 255 / 0.224


def test_map_of_points_into_the_crop(arrays: GoldenArrays) -> None:
    affine = view(*CENTRE, SIDE, 17.0).affine * (RESOLUTION / 2) + [[0, 0, RESOLUTION / 2]]
    assert np.allclose(affine, arrays["data/get_transform64"][:2], rtol=2e-5)
    found = whole_pixels(arrays["data/kp_in"][:, :2] - 1, view(*CENTRE, SIDE), RESOLUTION)
    assert np.array_equal(found, arrays["data/transform_pts"])


@pytest.mark.parametrize(
    ("name", "seen"), [("plain", view(*CENTRE, SIDE)), ("rot30_flip", view(*CENTRE, 0.9 * SIDE, 30.0, flip=True))]
)
def test_keypoints2d(arrays: GoldenArrays, name: str, seen: object) -> None:
    found = keypoints2d(arrays["data/kp_in"][:, :2], seen, RESOLUTION)
    assert np.allclose(found, arrays[f"data/j2d_{name}"][:, :2], atol=2e-5)


@pytest.mark.parametrize(("name", "rotation", "flip"), [("plain", 0.0, False), ("rot_flip", 25.0, True)])
def test_keypoints3d_and_pose(arrays: GoldenArrays, name: str, rotation: float, flip: bool) -> None:
    seen = view(*CENTRE, SIDE, rotation, flip)
    points = arrays.inputs("data.S", 24, 3)
    assert np.allclose(keypoints3d(points, seen), arrays[f"data/j3d_{name}"][:, :3], atol=2e-5)
    found = turned_pose(0.5 * arrays.inputs("data.pose", 72), seen)
    torch.testing.assert_close(found, rotations(arrays[f"data/pose_{name}"]), atol=1e-4, rtol=0)


def test_turned_root(arrays: GoldenArrays) -> None:
    turned = turned_pose(0.5 * arrays.inputs("data.pose", 72), view(*CENTRE, SIDE, -40.0))
    torch.testing.assert_close(turned[:1], rotations(arrays["data/rot_aa"]), atol=1e-4, rtol=0)


def test_box_of_keypoints(arrays: GoldenArrays) -> None:
    points = arrays["data/kp_in"][:, :2]
    crop = square_crop(keypoint_box(points, np.ones(len(points))), 1.1)
    assert np.allclose(arrays["data/bbox_from_kp2d"], crop[[0, 1, 2, 2]], rtol=2e-5)


def test_occluder_is_scaled_and_pasted(arrays: GoldenArrays) -> None:
    cutout, pixels = arrays["occ/rgba_in"], arrays["data/image_in"].astype(np.float32)
    assert np.array_equal(scaled(cutout, 0.6), arrays["occ/resize_by_factor"])
    paste(pixels, cutout, np.array([34.4, 5.6]))
    assert np.allclose(pixels, arrays["occ/paste_over"], atol=1e-3)


def test_mean_and_deviation(arrays: GoldenArrays) -> None:
    black = normalised(np.zeros((1, 1, 3)))[:, 0, 0]
    assert np.allclose(black, -arrays["const/img_norm_mean"] / arrays["const/img_norm_std"])
