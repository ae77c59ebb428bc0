"""SMPL-X's joints from the user's own licensed file, without its mesh: a million people are a minute's work."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from hpe.errors import UserError
from hpe.files.archive import open_npz
from hpe.files.entries import Entries
from hpe.joints import joint_set

Array = np.ndarray
JOINTS = 55
# A file of SMPL-X 1.1 has 300 directions of shape, then those of expression; an earlier one 10, then those.
MANY, FEW = 300, 10
# People whose rotations stay in a core's own cache.
SLICE = 2048


@dataclass(frozen=True)
class SMPLXSkeleton:
    """The joints of smplx_55, which pose turns about, of a neutral face: Pavlakos et al., SMPL-X, CVPR 2019.

    Joints are regressed from vertices that are linear in the betas, so they are linear too: `rest` in metres of the
    T-pose, and what each beta adds. Arrays and one thread, because data sets are read by many processes.
    """

    rest: Float[Array, "55 3"]
    directions: Float[Array, "55 3 betas"]

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
        return cls(regressor @ template, np.tensordot(regressor, shapes[..., :betas], 1))

    @property
    def betas(self) -> int:
        """How many betas the file knows."""
        return self.directions.shape[2]

    def posed(
        self, pose: Float[Array, "people 165"], betas: Float[Array, "people betas"]
    ) -> Float[Array, "people 55 3"]:
        """Joints in metres, single precision, of bodies that are not moved; axis-angle poses relative to the parent.

        Hand poses are whole, not differences to SMPL-X's mean hands. Betas are the first of those that the file knows.
        """
        slices = [slice(start, start + SLICE) for start in range(0, len(pose), SLICE)]
        return np.concatenate([self._posed(pose[some], betas[some]).astype(np.float32) for some in slices])

    def _posed(self, pose: Float[Array, "people 165"], betas: Float[Array, "people betas"]) -> Array:
        """Down the tree, for all people at once: each joint where its parent's turn puts it."""
        rotvecs = pose.reshape(-1, JOINTS, 3).swapaxes(0, 1)
        turns = Rotation.from_rotvec(rotvecs.reshape(-1, 3)).as_matrix().reshape(*rotvecs.shape, 3)
        rest = self.rest[:, None] + betas @ self.directions[..., : betas.shape[1]].swapaxes(1, 2)
        joints = rest.copy()
        for joint, parent in enumerate(_parents(), start=1):
            bone = (rest[joint] - rest[parent])[..., None]
            joints[joint] = joints[parent] + (turns[parent] @ bone)[..., 0]
            turns[joint] = turns[parent] @ turns[joint]
        return joints.swapaxes(0, 1)


def _parents() -> tuple[int, ...]:
    """The parent of every joint but the root."""
    return (joint_set("smplx_55").parents or ())[1:]


def _check_tree(model: Entries) -> None:
    """Raise UserError where joints hang on others than SMPL-X's; files say in several ways that the root has none."""
    if not np.array_equal(model.array("kintree_table", 2, JOINTS)[0, 1:], _parents()):
        raise UserError(f"{model.path}: 'kintree_table' is not that of SMPL-X; take SMPLX_NEUTRAL.npz of SMPL-X 1.1")
