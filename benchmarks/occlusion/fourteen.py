"""The 14 joints that PARE's analysis compares, read off any body."""

from dataclasses import replace

from jaxtyping import Float
from torch import Tensor

from hpe.bodies.body import Body
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.joints import joint_map, joint_set
from hpe.types import Batch, BodyOutput

NAMES = joint_set("j14").names
REGRESSOR, SKELETON = "J_regressor_h36m", "skeleton"


def origin(body: Body) -> str:
    """Where the joints of this body come from: Human3.6M's regressor, else its skeleton's joints of the same names."""
    return REGRESSOR if REGRESSOR in body.mesh_joints.available else SKELETON


def fourteen(body: Body, posed: BodyOutput) -> Float[Tensor, "people 14 3"]:
    """The joints `NAMES` around the pelvis that goes with them, metres."""
    if origin(body) == REGRESSOR:
        joints, index = body.joints(posed.vertices, "h36m_17"), list(joint_map("h36m_17", "j14"))
    else:
        joints, index = posed.joints, joint_set("smpl_24").index(*NAMES)
    return joints[:, index] - joints[:, :1]  # the pelvis is first in both sets


def predicted(system: Estimator, batch: Batch) -> BodyOutput:
    """The bodies that a system sees in a batch. Raises UserError for a system without a mesh."""
    said = system(replace(batch, joint_set="smpl_24"))
    if said.vertices is None:
        raise UserError("this system predicts no body, whose joints occlusion moves: choose another checkpoint=")
    return BodyOutput(said.vertices, said.joints3d)
