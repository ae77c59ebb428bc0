"""SMPL-X's joints from the user's own licensed file, without its mesh: a million people are a minute's work."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import roma
import torch
from jaxtyping import Float
from smplx.lbs import batch_rigid_transform
from torch import Tensor

from hpe.errors import UserError
from hpe.files.archive import open_npz
from hpe.files.entries import Entries
from hpe.joints import joint_set

JOINTS = 55
# A file of SMPL-X 1.1 has 300 directions of shape, then those of expression; an earlier one 10, then those.
MANY, FEW = 300, 10
# People whose transforms stay in a core's own cache.
SLICE = 2048


@dataclass(frozen=True)
class SMPLXSkeleton:
    """The joints of smplx_55, which pose turns about, of a neutral face: Pavlakos et al., SMPL-X, CVPR 2019.

    Joints are regressed from vertices that are linear in the betas, so they are linear too: `rest` in metres of the
    T-pose, and what each beta adds.
    """

    rest: Float[Tensor, "55 3"]
    directions: Float[Tensor, "55 3 betas"]

    @classmethod
    def read(cls, path: Path) -> "SMPLXSkeleton":
        """Of a model file (.npz) under SMPL-X's own keys. Raises UserError where it is missing, broken or another's."""
        with open_npz(path) as archive:
            model = Entries(path, archive)
            regressor = model.array("J_regressor", JOINTS, None)
            vertices = regressor.shape[1]
            template, shapes = model.array("v_template", vertices, 3), model.array("shapedirs", vertices, 3, None)
            _check_tree(model)
        if shapes.shape[2] < FEW:
            raise model.fault("shapedirs", f"has {shapes.shape[2]} directions, SMPL-X has {FEW} or {MANY} of shape")
        betas = MANY if shapes.shape[2] >= MANY else FEW
        directions = np.tensordot(regressor, shapes[..., :betas], 1)
        return cls(torch.from_numpy(regressor @ template).float(), torch.from_numpy(directions).float())

    @property
    def betas(self) -> int:
        """How many betas the file knows."""
        return self.directions.shape[2]

    def posed(
        self, pose: Float[np.ndarray, "people 165"], betas: Float[np.ndarray, "people betas"]
    ) -> Float[np.ndarray, "people 55 3"]:
        """Joints in metres of bodies that are not moved, by axis-angle poses relative to the parent.

        Hand poses are whole, not differences to SMPL-X's mean hands. Betas are the first of those that the file knows.
        """
        turns, shapes = torch.from_numpy(pose).float().unflatten(1, (JOINTS, 3)), torch.from_numpy(betas).float()
        parents = torch.tensor(joint_set("smplx_55").parents)
        slices = []
        for turn, shape in zip(turns.split(SLICE), shapes.split(SLICE), strict=True):
            rest = self.rest + torch.einsum("jcb,pb->pjc", self.directions[..., : shape.shape[1]], shape)
            slices.append(batch_rigid_transform(roma.rotvec_to_rotmat(turn), rest, parents)[0])
        return torch.cat(slices).numpy()


def _check_tree(model: Entries) -> None:
    """Raise UserError where joints hang on others than SMPL-X's; the root has no parent, however a file says it."""
    parents = model.array("kintree_table", 2, JOINTS)[0, 1:]
    if not np.array_equal(parents, (joint_set("smplx_55").parents or ())[1:]):
        raise UserError(f"{model.path}: 'kintree_table' is not that of SMPL-X; take SMPLX_NEUTRAL.npz of SMPL-X 1.1")
