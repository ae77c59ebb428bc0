import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from hpe.bodies.body import Body
from hpe.datasets.synthetic.poses import FAMILIES, LIMBS, TRUNK, pose_from_angles, sample_pose, walking_pose
from hpe.joints import joint_set

JOINT = {name: number for number, name in enumerate(joint_set("smpl_24").names)}


def skeleton(body: Body, pose: np.ndarray) -> np.ndarray:
    """Joints of the average body in a pose; x to its left, y up, z forward."""
    rotmats = torch.from_numpy(Rotation.from_rotvec(pose).as_matrix()).float()[None]
    return body(rotmats, torch.zeros(1, 10)).joints[0].numpy()


def posed(body: Body, **angles: float) -> dict[str, np.ndarray]:
    limbs = dict.fromkeys(LIMBS, 0.0) | {name: value for name, value in angles.items() if name in LIMBS}
    trunk = dict.fromkeys(TRUNK, 0.0) | {name: value for name, value in angles.items() if name in TRUNK}
    joints = skeleton(body, pose_from_angles({"left": limbs, "right": limbs}, trunk))
    return {name: joints[number] for name, number in JOINT.items()}


def test_an_arm_lowered_by_90_degrees_hangs(body: Body) -> None:
    joints = posed(body, shoulder_lowering=90.0)
    for side in ("left", "right"):
        down = joints[f"{side}_wrist"] - joints[f"{side}_shoulder"]
        np.testing.assert_allclose(down / np.linalg.norm(down), [0, -1, 0], atol=0.1)


def test_flexion_moves_forward_and_a_knee_bends_backward(body: Body) -> None:
    for side in ("left", "right"):
        raised = posed(body, shoulder_lowering=90.0, shoulder_flexion=90.0)
        assert raised[f"{side}_wrist"][2] - raised[f"{side}_shoulder"][2] > 0.4
        bent = posed(body, shoulder_lowering=90.0, elbow_flexion=90.0)
        assert bent[f"{side}_wrist"][2] - bent[f"{side}_elbow"][2] > 0.2
        stepping = posed(body, hip_flexion=90.0)
        assert stepping[f"{side}_knee"][2] - stepping[f"{side}_hip"][2] > 0.3
        kneeling = posed(body, knee_flexion=90.0)
        assert kneeling[f"{side}_ankle"][2] - kneeling[f"{side}_knee"][2] < -0.3
    assert posed(body, spine_flexion=60.0)["head"][2] > 0.2


def test_abduction_moves_away_from_the_middle(body: Body) -> None:
    straight, spread = posed(body), posed(body, hip_abduction=30.0)
    for side in ("left", "right"):
        assert abs(spread[f"{side}_ankle"][0]) > abs(straight[f"{side}_ankle"][0]) + 0.3


@pytest.mark.parametrize("family", FAMILIES)
def test_poses_are_seeded_and_leave_the_heading_alone(family: str) -> None:
    first, second = (sample_pose(np.random.default_rng(3), family) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert not first[0].any()
    assert first.any(axis=1).sum() >= 15


def test_half_a_double_step_later_the_walk_is_mirrored(body: Body) -> None:
    one, other = skeleton(body, walking_pose(0.7)), skeleton(body, walking_pose(0.7 + np.pi))
    mirrored = other[list(joint_set("smpl_24").flip)] * [-1, 1, 1]
    np.testing.assert_allclose(one, mirrored, atol=0.012)
