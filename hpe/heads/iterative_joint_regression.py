"""Regression of each joint by repeated steps that see the estimate so far: PARE's iterative option."""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.errors import UserError, did_you_mean
from hpe.heads.joint_regression import side_by_side
from hpe.heads.mean_parameters import MeanParameters, Parameters
from hpe.heads.pose_maps import JOINTS, JointPoseMap, parameter_map

# Two joints beside each SMPL joint: parent and child, or the next two along the limb at its end (spec: PARE).
NEIGHBOURS = (
    *((1, 2), (4, 0), (0, 5), (0, 6), (7, 1), (2, 8), (3, 9), (10, 4), (5, 11), (13, 14), (7, 4), (8, 5)),
    *((9, 15), (16, 9), (9, 17), (9, 12), (18, 13), (14, 19), (20, 16), (17, 21), (22, 18), (19, 23), (20, 18)),
    (19, 21),
)


class IterativeJointRegression(nn.Module):
    """Starts from the mean parameters; each iteration reads rotations, shape and camera anew, or corrects them.

    `pose_inputs` names what each joint's own map sees: "features", "neighbour_features", "all_pose", "self_pose",
    "neighbour_pose", "shape", "camera"; `shape_inputs` what shape and camera are read from: "features", "all_pose",
    "shape", "camera". With `residual` all outputs correct the estimate; without, only the shape is added to its mean.
    Raises UserError for another input.
    """

    neighbours: Tensor

    def __init__(
        self,
        pose_width: int,
        shape_width: int,
        pose_inputs: Sequence[str] = ("features", "self_pose", "shape", "camera"),
        shape_inputs: Sequence[str] = ("features", "shape", "camera"),
        residual: bool = True,
        iterations: int = 3,
    ) -> None:
        super().__init__()
        self.pose_inputs, self.shape_inputs = tuple(pose_inputs), tuple(shape_inputs)
        self.residual, self.iterations = residual, iterations
        both = {"all_pose": JOINTS * 6, "shape": 10, "camera": 3}
        own = {"self_pose": 6, "neighbour_pose": 12, "neighbour_features": 2 * pose_width}
        pose = _total({"features": pose_width, **own, **both}, self.pose_inputs, "pose_inputs")
        shape = _total({"features": JOINTS * shape_width, **both}, self.shape_inputs, "shape_inputs")
        self.pose_map = JointPoseMap(pose, residual)
        self.betas_map, self.camera_map = (parameter_map(shape, size, residual) for size in (10, 3))
        self.register_buffer("neighbours", torch.tensor(NEIGHBOURS), persistent=False)

    def forward(
        self,
        pose_features: Float[Tensor, "batch 24 pose_width"],
        shape_features: Float[Tensor, "batch 24 shape_width"],
        mean: MeanParameters,
    ) -> Parameters:
        """Six numbers a joint, betas and camera after the last iteration."""
        estimate, flat = mean.expand(len(pose_features)), side_by_side(shape_features)
        for _ in range(self.iterations):
            read = self._read(pose_features, flat, *estimate)
            if self.residual:
                pose6d, betas, camera = (old + change for old, change in zip(estimate, read, strict=True))
                estimate = pose6d, betas, camera
            else:
                estimate = read[0], read[1] + mean.betas, read[2]
        return estimate

    def _read(self, features: Tensor, flat: Tensor, pose6d: Tensor, betas: Tensor, camera: Tensor) -> Parameters:
        """What the maps make of the features of each joint, those of all, and the estimate so far."""
        person = {"features": flat, "all_pose": side_by_side(pose6d), "shape": betas, "camera": camera}
        joints = {name: value[:, None].expand(-1, JOINTS, -1) for name, value in person.items()} | {
            "features": features,
            "neighbour_features": features[:, self.neighbours].mT.flatten(2),
            "self_pose": pose6d,
            "neighbour_pose": pose6d[:, self.neighbours].mT.flatten(2),
        }
        seen = torch.cat([person[name] for name in self.shape_inputs], dim=-1)
        pose = self.pose_map(torch.cat([joints[name] for name in self.pose_inputs], dim=-1))
        return pose, self.betas_map(seen), self.camera_map(seen)


def _total(widths: Mapping[str, int], names: Sequence[str], option: str) -> int:
    unknown = [name for name in names if name not in widths]
    if unknown:
        raise UserError(f"head.regression.{option} has no '{unknown[0]}'; {did_you_mean(unknown[0], widths)}")
    return sum(widths[name] for name in names)
