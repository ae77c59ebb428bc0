"""Elbows and knees that bend the wrong way."""

from jaxtyping import Float
from torch import Tensor

from hpe.joints import joint_set

# The axis of the joint's rotation vector about which it bends, and the sign in which it must not.
HINGES = {"left_elbow": (1, 1.0), "right_elbow": (1, -1.0), "left_knee": (0, -1.0), "right_knee": (0, -1.0)}


def hyperextension(pose: Float[Tensor, "*batch 69"]) -> Float[Tensor, "*batch 4"]:
    """exp(angle)² of both elbows and both knees: near 0 for a bend, growing fast against the hinge.

    SMPLify (Bogo et al., ECCV 2016), equation 3, squared as SPIN has it. `pose` is axis-angle without the root.
    """
    columns = [3 * (joint - 1) + axis for joint, (axis, _) in zip(_joints(), HINGES.values(), strict=True)]
    signs = pose.new_tensor([sign for _, sign in HINGES.values()])
    return (pose[..., columns] * signs).exp().square()


def _joints() -> list[int]:
    return joint_set("smpl_24").index(*HINGES)
