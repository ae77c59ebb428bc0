"""The pose, shape and camera from which a head's regression starts."""

import math
from pathlib import Path
from typing import Literal

import roma
import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.errors import UserError
from hpe.files.archive import open_npz
from hpe.geometry.rotations import rotmat_to_6d
from hpe.joints import joint_set

CAMERA = (0.9, 0.0, 0.0)
ARM_LOWERING = math.radians(60)
# Six numbers a joint, betas and crop camera: what a head reads.
Parameters = tuple[Float[Tensor, "batch 24 6"], Float[Tensor, "batch 10"], Float[Tensor, "batch 3"]]


class MeanParameters(nn.Module):
    """Mean pose (24 rotations of six numbers, kept flat), mean betas and mean crop camera (s, tx, ty).

    Without a `file`, a person who stands upright and looks into the camera. A `file` is SPIN's
    `smpl_mean_params.npz` (keys pose, shape, cam). `layout` says how the 144 numbers of the pose are read: six a joint,
    or 24 a dimension. Raises UserError for a file that is missing or holds something else.
    """

    pose: Tensor
    betas: Tensor
    camera: Tensor

    def __init__(
        self, file: str | None = None, layout: Literal["joint_major", "dimension_major"] = "joint_major"
    ) -> None:
        super().__init__()
        # The released PARE and MPQA networks read the joint-major file as if it were dimension-major. They learnt
        # around it, so that their weights need it; nothing else does.
        self.dimension_major = layout == "dimension_major"
        pose, betas, camera = _read(file) if file else self._standing()
        self.register_buffer("pose", pose)
        self.register_buffer("betas", betas)
        self.register_buffer("camera", camera)

    @property
    def pose6d(self) -> Float[Tensor, "24 6"]:
        """The mean rotations, six numbers a joint as `rotmat_from_6d` reads them."""
        return self.pose.view(6, 24).T if self.dimension_major else self.pose.view(24, 6)

    def expand(self, count: int) -> Parameters:
        """The same mean person `count` times."""
        return self.pose6d.expand(count, -1, -1), self.betas.expand(count, -1), self.camera.expand(count, -1)

    def _standing(self) -> tuple[Tensor, Tensor, Tensor]:
        pose6d = rotmat_to_6d(standing_pose())
        pose = (pose6d.T if self.dimension_major else pose6d).flatten()
        return pose, torch.zeros(10), torch.tensor(CAMERA)


def standing_pose() -> Float[Tensor, "24 3 3"]:
    """SMPL rotations of a person upright before the camera, arms lowered.

    SMPL's rest pose has y up and faces +z; half a turn about x puts it upright into the camera frame (y down), facing
    the camera.
    """
    pelvis, left, right = joint_set("smpl_24").index("pelvis", "left_shoulder", "right_shoulder")
    rotvecs = torch.zeros(24, 3)
    rotvecs[pelvis, 0] = math.pi
    rotvecs[left, 2], rotvecs[right, 2] = -ARM_LOWERING, ARM_LOWERING
    return roma.rotvec_to_rotmat(rotvecs)


def _read(file: str | Path) -> tuple[Tensor, Tensor, Tensor]:
    """Pose (144), betas (10) and camera (3) of an npz file."""
    if not Path(file).is_file():
        raise UserError(f"no mean parameters at {file}: set head.mean.file to smpl_mean_params.npz or null")
    try:
        with open_npz(Path(file)) as archive:
            values = [torch.from_numpy(archive[key]).float().flatten() for key in ("pose", "shape", "cam")]
    except (KeyError, TypeError) as error:
        raise UserError(f"{file} lacks the arrays pose, shape and cam of smpl_mean_params.npz: {error}") from error
    if [len(value) for value in values] != [144, 10, 3]:
        raise UserError(f"{file} should hold 144 pose, 10 shape and 3 cam numbers: give SPIN's smpl_mean_params.npz")
    return values[0], values[1], values[2]
