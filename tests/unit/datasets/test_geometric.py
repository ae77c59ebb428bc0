import numpy as np
import pytest
import roma
import torch
from hypothesis import given
from hypothesis import strategies as st

from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
from hpe.datasets.geometric import View, draw_views, whole
from hpe.geometry.crops import turn_points
from hpe.geometry.rotations import global_rotations
from hpe.joints import joint_set

CROP = np.array([50.0, 40.0, 60.0])


def view(degrees=0.0, flip=False):
    return View(CROP, np.array(degrees), np.array(flip))


def skeleton(rotmats):
    """Joints of a symmetric tree of bones (metres) under the pose."""
    sides = np.array([name.startswith("left") * 1.0 - name.startswith("right") for name in joint_set("smpl_24").names])
    offsets = torch.tensor(np.stack([0.1 * sides, 0.2 + 0 * sides, 0.05 * np.abs(sides)], axis=1))
    turned = global_rotations(rotmats)
    joints = [torch.zeros(3, dtype=torch.float64)]
    for joint, parent in list(enumerate(joint_set("smpl_24").parents))[1:]:
        joints.append(joints[parent] + turned[parent] @ offsets[joint])
    return torch.stack(joints)


@given(degrees=st.floats(-90, 90), flip=st.booleans(), seed=st.integers(0, 99))
def test_turned_pose_poses_the_turned_skeleton(degrees, flip, seed):
    rotmats = roma.random_rotmat(24, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    posed = skeleton(view(degrees, flip).turn_pose(rotmats)).numpy()
    plain = skeleton(rotmats).numpy()
    mirrored = plain[list(joint_set("smpl_24").flip)] if flip else plain
    assert np.allclose(posed, turn_points(mirrored, degrees, flip), atol=1e-9)


def test_flipping_a_pose_twice_is_the_identity():
    rotmats = roma.random_rotmat(24)
    mirror = view(flip=True)
    assert torch.equal(mirror.turn_pose(mirror.turn_pose(rotmats)), rotmats)


def test_poses_of_a_batch_are_turned_one_by_one():
    rotmats = roma.random_rotmat(48, dtype=torch.float64).unflatten(0, (2, 24))
    views = View(np.stack([CROP, CROP]), np.array([20.0, 0.0]), np.array([False, True]))
    alone = torch.stack([view(20.0).turn_pose(rotmats[0]), view(flip=True).turn_pose(rotmats[1])])
    assert torch.allclose(views.turn_pose(rotmats), alone)


def test_some_of_the_views_show_what_they_showed():
    views = draw_views(np.stack([CROP] * 5), Augmentation(0.5, 0.5, 30.0, 0.25, 0.1), generators(5))
    assert np.array_equal(views[[3, 1]].affine, views.affine[[3, 1]])
    one = views[3]
    assert np.allclose(one.affine, View(one.crop, one.degrees, one.flip).affine)


def generators(count):
    return [np.random.default_rng(seed) for seed in range(count)]


def test_without_augmentation_the_view_is_the_crop():
    views, plain = draw_views(CROP[None], NO_AUGMENTATION, generators(1)), whole(CROP[None])
    assert np.array_equal(views.affine, plain.affine)
    assert (views.crop.tolist(), views.degrees.tolist(), views.flip.tolist()) == ([CROP.tolist()], [0.0], [False])


def test_drawn_views_stay_in_range_with_the_asked_frequency():
    crops, augmentation = np.tile(CROP, (2000, 1)), Augmentation(0.5, 0.4, 30.0, 0.25, 0.1)
    views = draw_views(crops, augmentation, generators(2000))
    assert views.flip.mean() == pytest.approx(0.5, abs=0.05)
    assert np.mean(views.degrees != 0) == pytest.approx(0.4, abs=0.05)
    assert np.abs(views.degrees).max() == 60
    assert (views.crop[:, 2].min(), views.crop[:, 2].max()) == (45, 75)
    assert np.abs(views.crop[:, :2] - CROP[:2]).max() <= 6
