"""Golden PARE: outputs of the published code, see README.md beside the vectors."""

from pathlib import Path

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
PARE = "the network comes with PARE"
LATER = {
    **dict.fromkeys(("pare_hrnet", "hrnet_w", "hmr_", "head_", "layer", "loss", "smpl", "const"), PARE),
    **dict.fromkeys(("rot", "cam", "procrustes", "eval"), "checked with other systems' vectors; PARE's come with PARE"),
    "data/heatmaps": "heat maps come with PARE's head",
    "data/heatmap_3": "heat maps come with PARE's head",
    "data/affine": "a crop that is not square; here all are",
    "occlusion": "the sliding patch comes with the occlusion benchmark",
    "euro": "smoothing comes with video",
    "bbox": "smoothing comes with video",
    "fit": "fitting comes with SMPLify",
}
RESOLUTION, CENTRE, SIDE = 224, (151.3, 208.7), 200 * 1.37
SMALL = view(19, 26, 200 * 0.21)


@pytest.fixture(scope="module")
def golden(vectors_folder: Path) -> GoldenArrays:
    return GoldenArrays.read(vectors_folder)


@pytest.mark.parametrize(("name", "rotation"), [("crop", 0.0), ("crop_rot", 20.0)])
def test_crop(golden: GoldenArrays, name: str, rotation: float) -> None:
    expected = golden[f"data/{name}"]
    found = spin_crop(golden["data/image_in"], view(*SMALL.crop, rotation), len(expected))
    assert np.abs(found - expected).mean() < 0.5


def test_mirrored_crop_with_gains(golden: GoldenArrays) -> None:
    expected = golden["data/rgb_processing_flip_pn"]
    crop = spin_crop(golden["data/image_in"], view(*SMALL.crop, flip=True), expected.shape[-1])
    assert np.abs((crop * [1.2, 0.9, 1.0]).clip(0, 255).transpose(2, 0, 1) / 255 - expected).mean() < 0.5 / 255


def test_crop_of_the_demo(golden: GoldenArrays) -> None:
    expected = golden["data/demo_crop"]
    found = np.rint(affine_crop(golden["data/image_in"], view(19, 26, 1.1 * 40), len(expected)))
    assert np.abs(found - expected).max() <= 1
    assert np.abs(normalised(found) - golden["data/demo_crop_norm"]).max() <= 1.01 / 255 / 0.224


def test_map_of_points_into_the_crop(golden: GoldenArrays) -> None:
    affine = view(*CENTRE, SIDE, 17.0).affine * (RESOLUTION / 2) + [[0, 0, RESOLUTION / 2]]
    assert np.allclose(affine, golden["data/get_transform64"][:2], rtol=2e-5)
    found = whole_pixels(golden["data/kp_in"][:, :2] - 1, view(*CENTRE, SIDE), RESOLUTION)
    assert np.array_equal(found, golden["data/transform_pts"])


@pytest.mark.parametrize(
    ("name", "seen"), [("plain", view(*CENTRE, SIDE)), ("rot30_flip", view(*CENTRE, 0.9 * SIDE, 30.0, flip=True))]
)
def test_keypoints2d(golden: GoldenArrays, name: str, seen: object) -> None:
    found = keypoints2d(golden["data/kp_in"][:, :2], seen, RESOLUTION)
    assert np.allclose(found, golden[f"data/j2d_{name}"][:, :2], atol=2e-5)


@pytest.mark.parametrize(("name", "rotation", "flip"), [("plain", 0.0, False), ("rot_flip", 25.0, True)])
def test_keypoints3d_and_pose(golden: GoldenArrays, name: str, rotation: float, flip: bool) -> None:
    seen = view(*CENTRE, SIDE, rotation, flip)
    points = golden.inputs("data.S", 24, 3)
    assert np.allclose(keypoints3d(points, seen), golden[f"data/j3d_{name}"][:, :3], atol=2e-5)
    found = turned_pose(0.5 * golden.inputs("data.pose", 72), seen)
    torch.testing.assert_close(found, rotations(golden[f"data/pose_{name}"]), atol=1e-4, rtol=0)


def test_turned_root(golden: GoldenArrays) -> None:
    turned = turned_pose(0.5 * golden.inputs("data.pose", 72), view(*CENTRE, SIDE, -40.0))
    torch.testing.assert_close(turned[:1], rotations(golden["data/rot_aa"]), atol=1e-4, rtol=0)


def test_box_of_keypoints(golden: GoldenArrays) -> None:
    points = golden["data/kp_in"][:, :2]
    crop = square_crop(keypoint_box(points, np.ones(len(points))), 1.1)
    assert np.allclose(golden["data/bbox_from_kp2d"], crop[[0, 1, 2, 2]], rtol=2e-5)


def test_occluder_is_scaled_and_pasted(golden: GoldenArrays) -> None:
    cutout, pixels = golden["occ/rgba_in"], golden["data/image_in"].astype(np.float32)
    assert np.array_equal(scaled(cutout, 0.6), golden["occ/resize_by_factor"])
    paste(pixels, cutout, np.array([34.4, 5.6]))
    assert np.allclose(pixels, golden["occ/paste_over"], atol=1e-3)


def test_mean_and_deviation(golden: GoldenArrays) -> None:
    black = normalised(np.zeros((1, 1, 3)))[:, 0, 0]
    assert np.allclose(black, -golden["const/img_norm_mean"] / golden["const/img_norm_std"])


@pytest.mark.parametrize("entry", LATER)
def test_later(entry: str) -> None:
    pytest.skip(f"{entry}: {LATER[entry]}")


def test_every_group_is_checked_or_listed(golden: GoldenArrays) -> None:
    assert not golden.forgotten(*CHECKED, *LATER)
