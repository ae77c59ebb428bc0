"""Every joint set that can be read off a posed mesh: by skeleton, by picked vertices, by regressor, by index map."""

from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.errors import UserError, did_you_mean
from hpe.joints import joint_map

# Two sets may map to the same third one with different points, so each has one fixed source.
SOURCES = {
    "openpose_25": "smpl_45",
    "openpose_18": "openpose_25",
    "propose_11": "smpl_45",
    "spin_49": "smpl_54",
    "j14": "h36m_17",
    "j17": "h36m_17",
    "h36m_17_rightfirst": "h36m_17",
}
REGRESSORS = {"h36m_17": "J_regressor_h36m", "smpl_54": "J_regressor_extra"}


class MeshJoints(nn.Module):
    """Joint sets of one body. `regressors` are matrices [joints, vertices] by the names in `REGRESSORS`."""

    smpl_regressor: Tensor
    picked: Tensor

    def __init__(
        self,
        body: str,
        smpl_regressor: Float[Tensor, "24 vertices"],
        vertex_ids: Mapping[str, int],
        regressors: Mapping[str, np.ndarray],
    ) -> None:
        super().__init__()
        self.body = body
        self.register_buffer("smpl_regressor", smpl_regressor, persistent=False)
        self.register_buffer("picked", torch.tensor(list(vertex_ids.values())), persistent=False)
        self.available = frozenset(regressors)
        for name, matrix in regressors.items():
            self.register_buffer(name, torch.as_tensor(matrix, dtype=torch.float32), persistent=False)

    def forward(
        self,
        vertices: Float[Tensor, "*batch vertices 3"],
        joint_set: str,
        skeleton: Float[Tensor, "*batch 24 3"] | None = None,
    ) -> Float[Tensor, "*batch joints 3"]:
        """Joints in metres. Raises UserError for an unknown set or a missing regressor file."""
        if joint_set in SOURCES:
            index = joint_map(SOURCES[joint_set], joint_set)
            return self(vertices, SOURCES[joint_set], skeleton)[..., list(index), :]
        if joint_set == "smpl_24":
            return self.smpl_regressor @ vertices if skeleton is None else skeleton
        if joint_set == "smpl_45":
            return torch.cat([self(vertices, "smpl_24", skeleton), vertices[..., self.picked, :]], dim=-2)
        if joint_set == "smpl_54":
            extra = self._regressor(joint_set) @ vertices
            return torch.cat([self(vertices, "smpl_45", skeleton), extra], dim=-2)
        if joint_set == "h36m_17":
            return self._regressor(joint_set) @ vertices
        known = ["smpl_24", "smpl_45", *REGRESSORS, *SOURCES]
        raise UserError(f"joint set '{joint_set}' cannot be read off a mesh; {did_you_mean(joint_set, known)}")

    def _regressor(self, joint_set: str) -> Float[Tensor, "joints vertices"]:
        name = REGRESSORS[joint_set]
        if name not in self.available:
            raise UserError(
                f"joint set {joint_set} on body {self.body} needs {name}.npy, which is not loaded: "
                f"use body=smpl with that file in the folder paths.smpl"
            )
        return self.get_buffer(name)
