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
    left out; with `bodies`, the joints of its labelled body stand for them, if it has one.
    """

    prediction_fields = ("joints3d",)
    batch_fields: tuple[str, ...] = ("joints3d", "confidence3d")

    def __init__(self, root: Sequence[str] = ("pelvis",), exclude: Sequence[str] = (), bodies: bool = False) -> None:
        super().__init__()
        self.root = tuple(root)
        self.exclude = tuple(exclude)
        self.bodies = bodies
        if bodies:
            self.batch_fields += ("body_joints3d",)

    def missing(self, prediction: Prediction, batch: Batch) -> tuple[str, ...]:
        """Fields that the term needs and that are None; with `bodies` those of labels may be, or that of bodies."""
        lacking = super().missing(prediction, batch)
        if self.bodies and not (batch.joints3d is None and batch.body_joints3d is None):
            return tuple(name for name in lacking if name.startswith("prediction."))
        return lacking

    def forward(self, prediction: Prediction, batch: Batch) -> Float[Tensor, ""]:
        """Mean weighted squared error in square metres. Raises UserError where the joint sets differ."""
        predicted, *labels = self.read(prediction, batch)
        labelled, confidence = completed(batch) if self.bodies else labels
        set_name = common_set(prediction, batch)
        root, kept = joint_set(set_name).index(*self.root), self._kept(set_name)
        difference = (_around(predicted, root) - _around(labelled, root))[..., kept, :]
        confidence = confidence[..., kept]
        return mean_over(confidence[..., None] * difference.square(), (confidence > 0).any(-1))

    def _kept(self, set_name: str) -> list[int]:
        excluded = {index for pattern in self.exclude for index in matching(set_name, pattern)}
        return [index for index in range(len(joint_set(set_name))) if index not in excluded]


def completed(batch: Batch) -> tuple[Float[Tensor, "*batch joints 3"], Float[Tensor, "*batch joints"]]:
    """Labelled joints with their confidence, and for people without any those of their bodies, if they are finite."""
    if batch.body_joints3d is None:
        assert batch.joints3d is not None
        assert batch.confidence3d is not None
        return batch.joints3d, batch.confidence3d
    known = batch.body_joints3d.isfinite().all(-1)
    made, trust = batch.body_joints3d.where(known[..., None], 0), known.to(batch.body_joints3d)
    if batch.joints3d is None or batch.confidence3d is None:
        return made, trust
    labelled = (batch.confidence3d > 0).any(-1, keepdim=True)
    return batch.joints3d.where(labelled[..., None], made), batch.confidence3d.where(labelled, trust)


def _around(joints: Float[Tensor, "*batch joints 3"], root: list[int]) -> Float[Tensor, "*batch joints 3"]:
    return joints - joints[..., root, :].mean(-2, keepdim=True)
