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
BLOCK, SLICE = 128, 16
POSED_JOINTS = 23


class Skinner:
    """The meshes of one body in single precision, without gradients, a slice of people at a time.

    Equal to `Body` but for rounding: Loper et al., SMPL, SIGGRAPH Asia 2015, equations 2 to 10. Template, ten betas
    and the 207 pose blend shapes are one matrix; coordinates are kept in planes, so that no product has three rows.
    """

    def __init__(self, body: Body) -> None:
        smpl = body.smpl
        shaped = torch.cat([smpl.shapedirs.permute(2, 0, 1), smpl.v_template[None]])
        bent = smpl.posedirs.unflatten(1, (-1, 3))
        self.blends = torch.cat([part.transpose(1, 2).flatten(1) for part in (bent, shaped)])
        self.rest_joints = smpl.J_regressor @ shaped
        self.weights = smpl.lbs_weights.T.contiguous()
        self.parents = [max(parent, 0) for parent in joint_set("smpl_24").parents or ()]

    @property
    def device(self) -> torch.device:
        """Where the body is."""
        return self.weights.device

    @torch.inference_mode()
    def posed(self, rotmats: Float[Tensor, "people 24 3 3"], betas: Float[Tensor, "people 10"]) -> Iterator[BodyOutput]:
        """Meshes and skeletons in metres, in order, at most `SLICE` people at once; rotations as `Body` takes them.

        The vertices are overwritten when the next people are asked for: memory that is used again is in the cache.
        """
        planes = (3, self.weights.shape[1])
        (mesh, column), rest = self.weights.new_empty(2, SLICE, *planes), self.weights.new_empty(BLOCK, *planes)
        for turns, shapes in zip(rotmats.split(BLOCK), betas.split(BLOCK), strict=True):
            joints, moves = self._moves(turns, shapes)
            resting = self._resting(turns, shapes, rest)
            for start in range(0, len(joints), SLICE):
                some = slice(start, start + SLICE)
                vertices = self._skinned(resting[some], moves[:, some], mesh, column)
                yield BodyOutput(vertices, joints[some])

    def _resting(
        self,
        rotmats: Float[Tensor, "people 24 3 3"],
        betas: Float[Tensor, "people 10"],
        out: Float[Tensor, "most 3 vertices"],
    ) -> Float[Tensor, "people 3 vertices"]:
        """The unposed meshes with all their blend shapes, written into `out`."""
        bent = (rotmats[:, -POSED_JOINTS:] - torch.eye(3, device=self.device)).flatten(1)
        found = out[: len(betas)]
        torch.mm(torch.cat([bent, _with_one(betas)], dim=1), self.blends, out=found.flatten(1))
        return found

    def _moves(
        self, rotmats: Float[Tensor, "people 24 3 3"], betas: Float[Tensor, "people 10"]
    ) -> tuple[Float[Tensor, "people 24 3"], Float[Tensor, "4 people 3 24"]]:
        """Posed joints, and what each joint does to the resting mesh: three columns of rotation and a translation."""
        rest = torch.einsum("pb,bjc->pjc", _with_one(betas), self.rest_joints)
        turned, bones = global_rotations(rotmats), rest - rest[:, self.parents]
        steps = (turned[:, self.parents] @ bones[..., None])[..., 0]
        joints = [rest[:, 0]]
        for joint, parent in enumerate(self.parents[1:], start=1):
            joints.append(joints[parent] + steps[:, joint])
        posed = torch.stack(joints, dim=1)
        shift = posed - (turned @ rest[..., None])[..., 0]
        return posed, torch.cat([turned, shift[..., None]], dim=-1).permute(3, 0, 2, 1).contiguous()

    def _skinned(
        self,
        resting: Float[Tensor, "people 3 vertices"],
        moves: Float[Tensor, "4 people 3 24"],
        mesh: Float[Tensor, "most 3 vertices"],
        column: Float[Tensor, "most 3 vertices"],
    ) -> Float[Tensor, "people vertices 3"]:
        """The blended translation, then each coordinate times its blended column of rotation, one column at a time.

        `mesh`, of which the result is a view, and `column` are written to.
        """
        posed = self._blended(moves[3], mesh)
        for axis in range(3):
            posed.addcmul_(self._blended(moves[axis], column), resting[:, axis : axis + 1])
        return posed.transpose(1, 2)

    def _blended(
        self, columns: Float[Tensor, "people 3 24"], out: Float[Tensor, "most 3 vertices"]
    ) -> Float[Tensor, "people 3 vertices"]:
        """What all joints do together to each vertex, by its weights; written into `out`."""
        found = out[: len(columns)]
        torch.mm(columns.flatten(0, 1), self.weights, out=found.flatten(0, 1))
        return found


def _with_one(betas: Float[Tensor, "people 10"]) -> Float[Tensor, "people 11"]:
    """Betas and the factor of the template."""
    return torch.cat([betas, torch.ones_like(betas[:, :1])], dim=1)
