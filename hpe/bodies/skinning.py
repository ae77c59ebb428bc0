"""Posing a body tens of thousands of times, for metrics: linear blend skinning as a few large matrix products.

`Body` itself is for networks: it goes through smplx, keeps gradients and makes every mesh of a batch at once.
"""

from collections.abc import Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.bodies.body import Body
from hpe.geometry.rotations import global_rotations
from hpe.joints import joint_set
from hpe.types import BodyOutput

# People whose blend shapes are one product, and people whose skinning stays in a core's own cache.
BLOCK, SLICE = 256, 8
POSED_JOINTS = 23


class Skinner:
    """The meshes of one body in single precision, without gradients, a slice of people at a time.

    Equal to `Body` but for rounding: Loper et al., SMPL, SIGGRAPH Asia 2015, equations 2 to 10. Template, ten betas
    and the 207 pose blend shapes are one matrix; coordinates are kept in planes, so that no product has three rows.
    """

    def __init__(self, body: Body) -> None:
        smpl, size = body.smpl, body.num_vertices
        posed = smpl.posedirs.view(-1, size, 3)
        shaped = torch.cat([smpl.shapedirs.permute(2, 0, 1), smpl.v_template[None]])
        self.blends = torch.cat([posed, shaped]).transpose(1, 2).flatten(1).contiguous()
        self.rest_joints = smpl.J_regressor @ shaped
        self.weights = smpl.lbs_weights.T.contiguous()
        self.parents = [max(parent, 0) for parent in joint_set("smpl_24").parents or ()]

    @torch.inference_mode()
    def posed(self, rotmats: Float[Tensor, "people 24 3 3"], betas: Float[Tensor, "people 10"]) -> Iterator[BodyOutput]:
        """Meshes and skeletons in metres, in order, at most `SLICE` people at once; rotations as `Body` takes them."""
        for turns, shapes in zip(rotmats.split(BLOCK), betas.split(BLOCK), strict=True):
            joints, moves = self._moves(turns, shapes)
            bent = (turns[:, -POSED_JOINTS:] - torch.eye(3, device=turns.device)).flatten(1)
            resting = (torch.cat([bent, _with_one(shapes)], dim=1) @ self.blends).unflatten(1, (3, -1))
            for parts in zip(resting.split(SLICE), moves.split(SLICE), joints.split(SLICE), strict=True):
                yield BodyOutput(self._skinned(*parts[:2]), parts[2])

    def _moves(
        self, rotmats: Float[Tensor, "people 24 3 3"], betas: Float[Tensor, "people 10"]
    ) -> tuple[Float[Tensor, "people 24 3"], Float[Tensor, "people 3 4 24"]]:
        """Posed joints, and what each joint does to the resting mesh: a rotation and a translation."""
        rest = torch.einsum("pb,bjc->pjc", _with_one(betas), self.rest_joints)
        turned, bones = global_rotations(rotmats), rest - rest[:, self.parents]
        steps = (turned[:, self.parents] @ bones[..., None])[..., 0]
        joints = [rest[:, 0]]
        for joint, parent in enumerate(self.parents[1:], start=1):
            joints.append(joints[parent] + steps[:, joint])
        posed = torch.stack(joints, dim=1)
        shift = posed - (turned @ rest[..., None])[..., 0]
        return posed, torch.cat([turned, shift[..., None]], dim=-1).permute(0, 2, 3, 1)

    def _skinned(
        self, resting: Float[Tensor, "people 3 vertices"], moves: Float[Tensor, "people 3 4 24"]
    ) -> Float[Tensor, "people vertices 3"]:
        blended = (moves.flatten(0, 2) @ self.weights).view(*moves.shape[:3], -1)
        x, y, z = (plane[:, None] for plane in resting.unbind(1))
        moved = (blended[:, :, 0] * x).addcmul_(blended[:, :, 1], y).addcmul_(blended[:, :, 2], z)
        return moved.add_(blended[:, :, 3]).transpose(1, 2)


def _with_one(betas: Float[Tensor, "people 10"]) -> Float[Tensor, "people 11"]:
    """Betas and the factor of the template."""
    return torch.cat([betas, torch.ones_like(betas[:, :1])], dim=1)
