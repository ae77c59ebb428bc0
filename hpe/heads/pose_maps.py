"""Linear maps from part features to the six numbers of each joint's rotation."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.joints import joint_set

JOINTS = 24
# The part whose query each SMPL joint reads: 0 head, 1 and 5 lower legs, 2 and 4 thighs, 3 lower torso,
# 6 and 10 forearms, 7 and 9 upper arms, 8 upper torso (left before right).
PART_OF_JOINT = (3, 2, 4, 3, 1, 5, 8, 1, 5, 8, 1, 5, 0, 8, 8, 0, 7, 9, 6, 10, 6, 10, 6, 10)
PARTS = max(PART_OF_JOINT) + 1
GAIN = 0.01


def parameter_map(width: int, size: int, correction: bool = True) -> nn.Linear:
    """A linear layer to `size` parameters; with `correction`, first outputs are small, to be added to a mean."""
    layer = nn.Linear(width, size)
    if correction:
        nn.init.xavier_uniform_(layer.weight, gain=GAIN)
    return layer


class JointPoseMap(nn.Module):
    """A matrix of its own for each joint, which reads the query of that joint; no bias.

    With `correction`, first outputs are small, to be added to a mean; without, they are of the size of rotations.
    """

    def __init__(self, width: int, correction: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(6, width, JOINTS))
        if correction:
            # The leading axis makes torch count all joints in the fans, as the published initialisation does.
            nn.init.xavier_uniform_(self.weight[None], gain=GAIN)
        else:
            # Six numbers near zero are no direction.
            nn.init.normal_(self.weight, std=width**-0.5)

    def forward(self, features: Float[Tensor, "batch 24 width"]) -> Float[Tensor, "batch 24 6"]:
        """Output d of joint j is `weight[d, :, j]` times the features of joint j."""
        return torch.einsum("dwj,bjw->bjd", self.weight, features)


class PartPoseMap(nn.Module):
    """A linear layer of its own for each joint, which reads the query of the body part that the joint belongs to."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.joints = nn.ModuleDict({name: nn.Linear(width, 6) for name in joint_set("smpl_24").names})
        for joint in self.joints.values():
            nn.init.xavier_uniform_(joint.get_parameter("weight"), gain=GAIN)

    def forward(self, features: Float[Tensor, "batch parts width"]) -> Float[Tensor, "batch 24 6"]:
        """Six numbers a joint."""
        pairs = zip(self.joints.values(), PART_OF_JOINT, strict=True)
        return torch.stack([layer(features[:, part]) for layer, part in pairs], dim=1)
