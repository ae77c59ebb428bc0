"""Linear regression of each joint's rotation from its own features: how PARE reads parameters."""

from jaxtyping import Float
from torch import Tensor, nn

from hpe.heads.mean_parameters import MeanParameters, Parameters
from hpe.heads.pose_maps import JOINTS, JointPoseMap, parameter_map


class JointRegression(nn.Module):
    """A matrix of its own for each joint's rotation; shape and camera from the shape features of all joints.

    `pose_width` and `shape_width` are the numbers of features a joint. `mean_pose` and `mean_shape` (shape and camera)
    say whether the maps correct the mean parameters; the released PARE starts from nothing.
    """

    def __init__(self, pose_width: int, shape_width: int, mean_pose: bool = True, mean_shape: bool = True) -> None:
        super().__init__()
        self.mean_pose, self.mean_shape = mean_pose, mean_shape
        self.pose_map = JointPoseMap(pose_width, mean_pose)
        self.betas_map, self.camera_map = (parameter_map(JOINTS * shape_width, size, mean_shape) for size in (10, 3))

    def forward(
        self,
        pose_features: Float[Tensor, "batch 24 pose_width"],
        shape_features: Float[Tensor, "batch 24 shape_width"],
        mean: MeanParameters,
    ) -> Parameters:
        """Six numbers a joint, betas and camera."""
        pose6d = self.pose_map(pose_features) + self.mean_pose * mean.pose6d
        flat = side_by_side(shape_features)
        betas = self.betas_map(flat) + self.mean_shape * mean.betas
        return pose6d, betas, self.camera_map(flat) + self.mean_shape * mean.camera


def side_by_side(features: Float[Tensor, "batch 24 width"]) -> Float[Tensor, "batch all"]:
    """The features of all joints as one vector in the order that published weights want: by feature, then by joint."""
    return features.mT.flatten(1)
