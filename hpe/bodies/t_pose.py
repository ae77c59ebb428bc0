"""Bodies moved from the rig's rest pose into SMPL's: arms along x, palms down, legs straight down, feet forward."""

import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.bodies.anny_rig import RestBodies
from hpe.joints import joint_set

UP, DOWN, FORWARD, BACKWARD = (0.0, 1.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, -1.0)
LEFT, RIGHT = (1.0, 0.0, 0.0), (-1.0, 0.0, 0.0)


def t_pose(
    bodies: RestBodies, weights: Float[Tensor, "vertices 24"]
) -> tuple[Float[Tensor, "shapes vertices 3"], Float[Tensor, "shapes 24 3"]]:
    """Vertices and joints in T-pose, in metres with the pelvis at the origin, by linear blend skinning."""
    turns = _turns(bodies)
    joints = _carried(bodies.joints, turns)
    turned = torch.einsum("nvj,njab,nvb->nva", weights.expand(len(turns), -1, -1), turns, bodies.vertices)
    offsets = joints - (turns @ bodies.joints[..., None]).squeeze(-1)
    vertices = turned + weights @ offsets
    return vertices - joints[:, :1], joints - joints[:, :1]


def _turns(bodies: RestBodies) -> Float[Tensor, "shapes 24 3 3"]:
    """World rotation of every joint; spine, neck, head and collars stay as they are."""
    index = joint_set("smpl_24").index
    turns = torch.eye(3, dtype=bodies.joints.dtype).repeat(*bodies.joints.shape[:2], 1, 1)
    for side, outward, hinge in (("left", LEFT, DOWN), ("right", RIGHT, UP)):
        hip, knee, ankle, foot, shoulder, elbow, wrist, hand = index(
            *(f"{side}_{name}" for name in ["hip", "knee", "ankle", "foot", "shoulder", "elbow", "wrist", "hand"])
        )
        turns[:, [shoulder, elbow]] = _limb_turns(bodies.joints[:, [shoulder, elbow, wrist]], outward, hinge)
        turns[:, [hip, knee]] = _limb_turns(bodies.joints[:, [hip, knee, ankle]], DOWN, LEFT)
        along = bodies.joints[:, hand] - bodies.joints[:, wrist]
        turns[:, [wrist, hand]] = _frame_turn(along, _across_hand(bodies, side), outward, BACKWARD)[:, None]
        toe = bodies.joints[:, foot] - bodies.joints[:, ankle]
        turns[:, [ankle, foot]] = _frame_turn(toe.new_tensor(UP).expand_as(toe), toe, UP, FORWARD)[:, None]
    return turns


def _across_hand(bodies: RestBodies, side: str) -> Float[Tensor, "shapes 3"]:
    """From the index finger's knuckle to the little finger's."""
    index_finger, little_finger = (0, 1) if side == "left" else (2, 3)
    return bodies.knuckles[:, little_finger] - bodies.knuckles[:, index_finger]


def _limb_turns(
    chain: Float[Tensor, "shapes 3 3"], direction: tuple[float, ...], hinge: tuple[float, ...]
) -> Float[Tensor, "shapes 2 3 3"]:
    """Turns of both bones of a limb, bent a little at rest: along `direction`, the joint's bending axis on `hinge`."""
    upper, lower = chain[:, 1] - chain[:, 0], chain[:, 2] - chain[:, 1]
    axis = torch.linalg.cross(upper, lower)
    return torch.stack([_frame_turn(bone, axis, direction, hinge) for bone in (upper, lower)], dim=1)


def _frame_turn(
    first: Float[Tensor, "shapes 3"],
    second: Float[Tensor, "shapes 3"],
    first_target: tuple[float, ...],
    second_target: tuple[float, ...],
) -> Float[Tensor, "shapes 3 3"]:
    """Rotation that takes `first` onto its target and `second` as near to its own as that allows."""
    frame = roma.special_gramschmidt(torch.stack([first, second], dim=-1))
    target = roma.special_gramschmidt(frame.new_tensor([first_target, second_target]).T)
    return target @ frame.transpose(-1, -2)


def _carried(
    joints: Float[Tensor, "shapes 24 3"], turns: Float[Tensor, "shapes 24 3 3"]
) -> Float[Tensor, "shapes 24 3"]:
    """Joints after every bone has been turned, from the pelvis outwards."""
    moved = [joints[:, 0]]
    for joint, parent in list(enumerate(joint_set("smpl_24").parents or ()))[1:]:
        bone = joints[:, joint] - joints[:, parent]
        moved.append(moved[parent] + (turns[:, parent] @ bone[..., None]).squeeze(-1))
    return torch.stack(moved, dim=1)
