"""A SMPL-like body as one module: rotations and betas in, mesh and joints out."""

import contextlib
import io
from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Float, Int
from smplx import SMPL
from smplx.utils import Struct
from torch import Tensor, nn

from hpe.bodies.face_parts import parts_by_skinning, parts_by_vertex
from hpe.bodies.mesh_joints import MeshJoints
from hpe.joints import joint_set
from hpe.types import BodyOutput

SELECTOR_NAMES = [
    "nose",
    "reye",
    "leye",
    "rear",
    "lear",
    "LBigToe",
    "LSmallToe",
    "LHeel",
    "RBigToe",
    "RSmallToe",
    "RHeel",
    "lthumb",
    "lindex",
    "lmiddle",
    "lring",
    "lpinky",
    "rthumb",
    "rindex",
    "rmiddle",
    "rring",
    "rpinky",
]


class Body(nn.Module):
    """Wraps `smplx.SMPL`; holds no parameters, and nothing of it goes into a checkpoint.

    Attributes: `faces` triangles, counter-clockwise from outside; `parts` the joint that moves each vertex most;
    `face_parts` the part, 0 to 23, that each face shows; `vertex_ids` the vertices that stand for face, feet and finger
    tips, by joint name in the order of smpl_45.
    """

    faces: Int[Tensor, "faces 3"]
    parts: Int[Tensor, " vertices"]
    face_parts: Int[Tensor, " faces"]

    def __init__(
        self,
        name: str,
        model: Mapping[str, np.ndarray],
        vertex_ids: Mapping[str, int],
        regressors: Mapping[str, np.ndarray] | None = None,
        vertex_parts: Int[np.ndarray, " vertices"] | None = None,
    ) -> None:
        """`model` has SMPL's own keys: v_template, shapedirs, posedirs, J_regressor, weights, kintree_table, f.

        `regressors` may hold further joint regressors by file name without ending, such as J_regressor_h36m.
        `vertex_parts` say what faces show; without them the skinning weights do.
        """
        super().__init__()
        self.name = name
        self.vertex_ids = {joint: vertex_ids[joint] for joint in joint_set("smpl_45").names[24:]}
        self.smpl = _smplx_model(model, list(self.vertex_ids.values()))
        self.mesh_joints = MeshJoints(name, self.smpl.J_regressor, self.vertex_ids, regressors or {})
        self.register_buffer("faces", self.smpl.faces_tensor, persistent=False)
        self.register_buffer("parts", self.smpl.lbs_weights.argmax(dim=1), persistent=False)
        shown = (
            parts_by_skinning(self.smpl.lbs_weights, self.faces)
            if vertex_parts is None
            else parts_by_vertex(vertex_parts, self.faces)
        )
        self.register_buffer("face_parts", shown, persistent=False)

    @property
    def num_vertices(self) -> int:
        """Number of vertices of the mesh."""
        return len(self.parts)

    def forward(
        self,
        rotmats: Float[Tensor, "*batch 24 3 3"],
        betas: Float[Tensor, "*batch 10"],
        transl: Float[Tensor, "*batch 3"] | None = None,
    ) -> BodyOutput:
        """Mesh and skeleton in metres, in single precision whatever the autocast mode.

        `rotmats` are relative to the parent joint, the first one to the world; `transl` is added to every point.
        """
        leading = rotmats.shape[:-3]
        size = leading.numel()
        pose = rotmats.float().reshape(size, 24, 3, 3)
        # Half precision would move vertices by centimetres.
        with torch.autocast(rotmats.device.type, enabled=False):
            output = self.smpl(
                betas=betas.float().reshape(size, 10),
                global_orient=pose[:, :1],
                body_pose=pose[:, 1:],
                transl=None if transl is None else transl.float().reshape(size, 3),
                pose2rot=False,
            )
        joints = output.joints[:, :24].reshape(*leading, 24, 3)
        return BodyOutput(output.vertices.reshape(*leading, self.num_vertices, 3), joints)

    def rest(self, betas: Float[Tensor, "*batch 10"]) -> BodyOutput:
        """The unposed body of shape `betas`: vertices of the T-pose and the joints that poses turn about, metres."""
        vertices = self.smpl.v_template + torch.einsum("...b,vcb->...vc", betas, self.smpl.shapedirs)
        return BodyOutput(vertices, self.smpl.J_regressor @ vertices)

    def joints(
        self,
        vertices: Float[Tensor, "*batch vertices 3"],
        joint_set: str,
        skeleton: Float[Tensor, "*batch 24 3"] | None = None,
    ) -> Float[Tensor, "*batch joints 3"]:
        """Joints of the set called `joint_set` on posed meshes, metres.

        `skeleton` is the posed skeleton; without it SMPL's joints are regressed from the mesh, which is exact only in
        the rest pose. Raises UserError for a set that this body cannot give, and names a regressor file that lacks.
        """
        return self.mesh_joints(vertices, joint_set, skeleton)


def _smplx_model(model: Mapping[str, np.ndarray], vertex_ids: list[int]) -> SMPL:
    """smplx's module without parameters and without a trace in state dicts."""
    # smplx prints a warning about bodies of ten shape components, which is what all of this field uses.
    with contextlib.redirect_stdout(io.StringIO()):
        smpl = SMPL(
            model_path="",
            data_struct=Struct(**model),
            vertex_ids=dict(zip(SELECTOR_NAMES, vertex_ids, strict=True)),
            create_global_orient=False,
            create_body_pose=False,
            create_betas=False,
            create_transl=False,
        )
    for module in smpl.modules():
        for name, buffer in list(module.named_buffers(recurse=False)):
            module.register_buffer(name, buffer, persistent=False)
    return smpl
