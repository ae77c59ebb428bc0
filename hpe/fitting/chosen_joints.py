"""Which joints count: those that place a body before it is posed, and those that its pose is fitted to."""

from dataclasses import replace

from jaxtyping import Float
from torch import Tensor

from hpe.fitting.problem import Seen
from hpe.joints import joint_set

CORNERS = ("right_hip", "left_hip", "right_shoulder", "left_shoulder")
# spin_49 has them twice: as OpenPose finds them, which is preferred, and as people annotated them.
PREFIXES = ("op_", "")
# What stands for these on the body lies centimetres from where OpenPose and people see them.
UNRELIABLE = {
    "spin_49": ("op_neck", "right_op_hip", "left_op_hip", "right_hip", "left_hip"),
    "openpose_25": ("neck", "right_hip", "left_hip"),
}


def torso(seen: Seen) -> Float[Tensor, "people joints"]:
    """1 for the joints that place each person, else 0: hips and shoulders, or all that are seen where one is not."""
    places = (seen.confidence > 0).to(seen.confidence)
    for corners in reversed(_alternatives(seen.joint_set)):
        mask = places.new_zeros(places.shape[-1])
        mask[corners] = 1
        whole = (seen.confidence[:, corners] > 0).all(-1, keepdim=True)
        places = mask.where(whole, places)
    return places


def _alternatives(name: str) -> list[list[int]]:
    names = joint_set(name).names
    choices = [[corner.replace("_", f"_{prefix}", 1) for corner in CORNERS] for prefix in PREFIXES]
    return [joint_set(name).index(*corners) for corners in choices if set(corners) <= set(names)]


def reliable(seen: Seen) -> Seen:
    """A copy in which joints that are another point on the body than in pictures have no confidence."""
    confidence = seen.confidence.clone()
    confidence[:, joint_set(seen.joint_set).index(*UNRELIABLE.get(seen.joint_set, ()))] = 0
    return replace(seen, confidence=confidence)
