"""PARE's sliding patch (Kocabas et al., ICCV 2021): the error of every joint for every place of a patch.

One forward pass sees many places, where the published code makes one pass a place.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from benchmarks.occlusion.fourteen import fourteen, predicted
from benchmarks.occlusion.subjects import Subject
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.geometry.windows import sliding_windows
from hpe.metrics.body import MILLIMETRES
from hpe.metrics.distances import distance
from hpe.metrics.pose import aligned

PUBLISHED_SIDE, PUBLISHED_PATCH = 224, 40


@dataclass(frozen=True)
class Patch:
    """A square of `size` pixels that moves by `stride` pixels and shows `fill`, a value of normalised pictures.

    Fill 0 is the mean colour of the backbone's training pictures. Raises UserError for a patch that cannot slide over
    a crop of `side` pixels.
    """

    side: int
    size: int
    stride: int
    fill: float

    def __post_init__(self) -> None:
        if not 1 <= self.size <= self.side or self.stride < 1:
            raise UserError(
                f"size={self.size} stride={self.stride}: a patch of 1 to {self.side} pixels slides over this "
                "system's crops, by at least one"
            )

    @classmethod
    def of(cls, side: int, size: int | None, stride: int | None, fill: float) -> "Patch":
        """The patch of a crop of `side` pixels; what is not given is PARE's share of the side."""
        share = max(1, round(side * PUBLISHED_PATCH / PUBLISHED_SIDE))
        return cls(side, share if size is None else size, share if stride is None else stride, fill)

    @property
    def windows(self) -> Int[np.ndarray, "windows 4"]:
        """Top, bottom, left and right of every place, row by row."""
        return sliding_windows(self.side, self.size, self.stride)


@dataclass(frozen=True)
class Maps:
    """Errors in mm of the 14 joints for every place of the patch, and those of the picture without it.

    The reference is the true body or, where that is not known, what the system says without the patch.
    """

    mpjpe: Float[np.ndarray, "places places 14"]
    pa_mpjpe: Float[np.ndarray, "places places 14"]
    clean_mpjpe: Float[np.ndarray, "14"]
    clean_pa_mpjpe: Float[np.ndarray, "14"]


@torch.inference_mode()
def sensitivity(system: Estimator, subject: Subject, patch: Patch, at_once: int) -> Maps:
    """The maps of one person, `at_once` places a forward pass."""
    clean = fourteen(system.body, predicted(system, subject.batch))
    target = clean if subject.truth is None else fourteen(system.body, subject.truth)
    found = errors(joints_under(system, subject, patch.windows, patch.fill, at_once), target)
    places = round(len(found[0]) ** 0.5)
    maps = [values.reshape(places, places, -1) for values in found]
    return Maps(*maps, *(values[0] for values in errors(clean, target)))


def joints_under(
    system: Estimator, subject: Subject, windows: Int[np.ndarray, "windows 4"], fill: float, at_once: int
) -> Float[Tensor, "windows 14 3"]:
    """The 14 joints that the system sees with each window filled, metres around the pelvis."""
    parts = []
    for start in range(0, len(windows), at_once):
        image = occluded(subject.batch.image[0], windows[start : start + at_once], fill)
        alike = subject.batch[torch.zeros(len(image), dtype=torch.long)]
        parts.append(fourteen(system.body, predicted(system, replace(alike, image=image))))
    return torch.cat(parts)


def occluded(
    image: Float[Tensor, "3 side side"], windows: Int[np.ndarray, "windows 4"], fill: float
) -> Float[Tensor, "windows 3 side side"]:
    """A picture for every window, which is filled."""
    pictures = image.repeat(len(windows), 1, 1, 1)
    for picture, (top, bottom, left, right) in zip(pictures, windows.tolist(), strict=True):
        picture[:, top:bottom, left:right] = fill
    return pictures


def errors(
    joints: Float[Tensor, "people 14 3"], target: Float[Tensor, "1 14 3"]
) -> tuple[Float[np.ndarray, "people 14"], Float[np.ndarray, "people 14"]]:
    """Distance of each joint in mm, of poses around one root and after the best similarity transform of all 14."""
    goal = target.double().expand(len(joints), -1, -1)
    found = joints.double()
    plain, moved = distance(found, goal), distance(aligned(found, goal), goal)
    return (MILLIMETRES * plain).cpu().numpy(), (MILLIMETRES * moved).cpu().numpy()
