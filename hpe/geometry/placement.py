"""Where a labelled body stands, and before which camera: whichever explains its labelled joints."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.geometry.camera_fit import fit_translation
from hpe.geometry.cameras import project


@dataclass(frozen=True)
class Camera:
    """Focal length and principal point of each person's crop, in the unit of the points that it sees."""

    focal_length: Float[Tensor, "*batch"]
    principal_point: Float[Tensor, "*batch 2"]


@dataclass(frozen=True)
class Placement:
    """A body's translation in metres in the frame of its camera; NaN where its joints do not tell."""

    translation: Float[Tensor, "*batch 3"]
    camera: Camera

    def seen(self, points: Float[Tensor, "*batch points 3"]) -> Float[Tensor, "*batch points 2"]:
        """Where the camera sees points of the body, which are around the body's own origin."""
        return project(points, self.translation, self.camera.focal_length, self.camera.principal_point)


def place(
    joints: Float[Tensor, "*batch joints 3"],
    seen: Float[Tensor, "*batch joints 2"],
    confidence: Float[Tensor, "*batch joints"],
    cameras: Sequence[Camera],
) -> Placement:
    """Each body where its joints meet those that are `seen`, before the one of `cameras` in which they meet best.

    Labels of different origin mean different cameras: calibrated ones that of the picture, bodies fitted to crops
    (SPIN, EFT) one in the middle of the crop with next to no perspective.
    """
    fits = (fit_translation(joints, seen, confidence, one.focal_length, one.principal_point) for one in cameras)
    best, *others = map(Placement, fits, cameras)
    for other in others:
        better = _error(other, joints, seen, confidence) < _error(best, joints, seen, confidence)
        best = _chosen(better, other, best)
    return best


def _error(
    placed: Placement, joints: Tensor, seen: Tensor, confidence: Float[Tensor, "*batch joints"]
) -> Float[Tensor, "*batch"]:
    """Weighted squared distance of joints from where they are seen, infinite where there is no placement."""
    distance = (placed.seen(joints) - seen).square().sum(-1)
    return (confidence * distance).sum(-1).nan_to_num(nan=torch.inf)


def _chosen(first: Tensor, a: Placement, b: Placement) -> Placement:
    """`a` where `first`, else `b`."""
    pair = a.camera.principal_point, b.camera.principal_point
    camera = Camera(a.camera.focal_length.where(first, b.camera.focal_length), pair[0].where(first[..., None], pair[1]))
    return Placement(a.translation.where(first[..., None], b.translation), camera)
