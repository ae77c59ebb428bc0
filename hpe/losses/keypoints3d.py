"""Squared distance of joints from labelled ones, both around the same root."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

from hpe.joints import joint_set
from hpe.losses.joint_choice import common_set, matching
from hpe.losses.loss import Loss, mean_over
from hpe.types import Batch, Prediction


class Keypoints3DLoss(Loss):
    """Mean over joints and coordinates of confidence * (predicted - labelled)^2, in square metres.

    Both skeletons are moved so that the middle of their `root` joints is the origin; labels must therefore have
    these joints. Joints that match a pattern of `exclude` are no part of the mean. A sample with no labelled joint is
    left out.
    """

    prediction_fields = ("joints3d",)
    batch_fields = ("joints3d", "confidence3d")

    def __init__(self, root: Sequence[str] = ("pelvis",), exclude: Sequence[str] = ()) -> None:
        super().__init__()
        self.root = tuple(root)
        self.exclude = tuple(exclude)

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean weighted squared error in square metres. Raises UserError where the joint sets differ."""
        predicted, labelled, confidence = self.read(prediction, batch)
        set_name = common_set(prediction, batch)
        root, kept = joint_set(set_name).index(*self.root), self._kept(set_name)
        difference = (_around(predicted, root) - _around(labelled, root))[..., kept, :]
        confidence = confidence[..., kept]
        return mean_over(confidence[..., None] * difference.square(), (confidence > 0).any(-1))

    def _kept(self, set_name: str) -> list[int]:
        excluded = {index for pattern in self.exclude for index in matching(set_name, pattern)}
        return [index for index in range(len(joint_set(set_name))) if index not in excluded]


def _around(joints: Float[Tensor, "*batch joints 3"], root: list[int]) -> Float[Tensor, "*batch joints 3"]:
    return joints - joints[..., root, :].mean(-2, keepdim=True)
