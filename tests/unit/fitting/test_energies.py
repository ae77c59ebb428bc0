from dataclasses import replace

import pytest
import torch

from hpe.fitting.chosen_joints import reliable, torso
from hpe.fitting.gaussian_mixture import GaussianMixture
from hpe.fitting.hyperextension import hyperextension
from hpe.fitting.problem import Seen
from hpe.fitting.reprojection import geman_mcclure, reprojection
from hpe.fitting.smoothness import motion
from hpe.joints import joint_set


def seen(name: str = "spin_49", people: int = 2) -> Seen:
    joints = len(joint_set(name))
    crop = torch.full((people, 2), 112.0)
    return Seen(torch.zeros(people, joints, 2), torch.ones(people, joints), torch.full((people,), 500.0), crop, name)


def test_a_far_joint_costs_no_more_than_sigma_squared() -> None:
    near, far = geman_mcclure(torch.tensor([0.1, 1e6]), sigma=100.0)
    assert near == pytest.approx(0.01, rel=1e-4)
    assert far == pytest.approx(100.0**2, rel=1e-4)


def test_a_joint_that_is_not_seen_costs_nothing() -> None:
    hidden = replace(seen(), confidence=torch.zeros(2, 49))
    assert not reprojection(torch.ones(2, 49, 3), torch.tensor([[0.0, 0.0, 3.0]] * 2), hidden, 100.0).any()


@pytest.mark.parametrize(("joint", "axis", "bend"), [("left_elbow", 1, -1), ("right_elbow", 1, 1), ("left_knee", 0, 1)])
def test_a_limb_bends_one_way_only(joint: str, axis: int, bend: int) -> None:
    pose = torch.zeros(3, 24, 3)
    pose[:, joint_set("smpl_24").index(joint)[0], axis] = torch.tensor([bend, 0.0, -bend])
    natural, straight, broken = hyperextension(pose[:, 1:].flatten(1)).sum(-1)
    assert natural < straight < broken


def test_joints_that_mean_another_point_are_left_out_of_a_copy() -> None:
    given = seen()
    left_out = (reliable(given).confidence == 0).nonzero()[:, 1].unique()
    assert {joint_set("spin_49").names[joint] for joint in left_out} == {
        *("op_neck", "right_op_hip", "left_op_hip", "right_hip", "left_hip")
    }
    assert given.confidence.all()
    assert reliable(seen("smpl_24")).confidence.all()


def test_openpose_places_a_person_else_annotations_else_whatever_is_seen() -> None:
    given = seen(people=3)
    given.confidence[1:, joint_set("spin_49").index("left_op_hip")] = 0
    given.confidence[2, joint_set("spin_49").index("left_hip")] = 0
    first, second, third = ({joint_set("spin_49").names[j] for j in row.nonzero()[:, 0]} for row in torso(given))
    assert first == {"right_op_hip", "left_op_hip", "right_op_shoulder", "left_op_shoulder"}
    assert second == {"right_hip", "left_hip", "right_shoulder", "left_shoulder"}
    assert len(third) == 47


def test_only_what_moves_costs() -> None:
    joints, place = torch.zeros(4, 49, 3), torch.tensor([[0.0, 0.0, 3.0]]).repeat(4, 1)
    assert [float(path) for path in motion(joints, place, seen(people=4))] == [0, 0]
    joints[2:, 0, 0] = 0.3
    in_picture, in_body = motion(joints, place, seen(people=4))
    assert in_body == pytest.approx(0.3)
    assert in_picture == pytest.approx(500 * 0.3 / 3)


def test_the_free_prior_likes_its_own_poses_better_than_others(prior: GaussianMixture) -> None:
    random = torch.Generator().manual_seed(0)
    assert prior(prior.means).max() < prior(torch.randn(50, 69, generator=random)).min()
