import numpy as np
import pytest
import roma
import torch
from hypothesis import given
from hypothesis import strategies as st

from hpe.datasets.augmentation import NO_AUGMENTATION, Augmentation
from hpe.datasets.geometric import View, draw_view
from hpe.geometry.crops import turn_points
from hpe.geometry.rotations import global_rotations
from hpe.joints import joint_set

CROP = np.array([50.0, 40.0, 60.0])


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
    posed = skeleton(View(CROP, degrees, flip).turn_pose(rotmats)).numpy()
    plain = skeleton(rotmats).numpy()
    mirrored = plain[list(joint_set("smpl_24").flip)] if flip else plain
    assert np.allclose(posed, turn_points(mirrored, degrees, flip), atol=1e-9)


def test_flipping_a_pose_twice_is_the_identity():
    rotmats = roma.random_rotmat(24)
    mirror = View(CROP, flip=True)
    assert torch.equal(mirror.turn_pose(mirror.turn_pose(rotmats)), rotmats)


def test_without_augmentation_the_view_is_the_crop():
    view = draw_view(CROP, NO_AUGMENTATION, np.random.default_rng(0))
    assert (view.crop.tolist(), view.degrees, view.flip) == (CROP.tolist(), 0.0, False)


def test_drawn_views_stay_in_range_with_the_asked_frequency():
    augmentation = Augmentation(0.5, 0.4, 30.0, 0.25, 0.1)
    generator = np.random.default_rng(0)
    views = [draw_view(CROP, augmentation, generator) for _ in range(2000)]
    degrees, sides = np.array([view.degrees for view in views]), np.array([view.crop[2] for view in views])
    assert np.mean([view.flip for view in views]) == pytest.approx(0.5, abs=0.05)
    assert np.mean(degrees != 0) == pytest.approx(0.4, abs=0.05)
    assert np.abs(degrees).max() == 60
    assert (sides.min(), sides.max()) == (45, 75)
    assert all(np.abs(view.crop[:2] - CROP[:2]).max() <= 6 for view in views)
