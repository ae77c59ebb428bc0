"""MPII Human Pose (Andriluka et al., CVPR 2014), from its official MATLAB file: people in stills, 16 joints in 2D.

Read instead of the `train.h5` that SPIN reads, because everybody gets it from the data set's owners, nobody is left out
of it, and it says which joints are hidden. SPIN's people, with all 16 joints labelled, are a selection here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import has_area, in_order, take
from hpe.files.matlab import read_matlab
from hpe.files.matlab_struct import Struct

JOINTS = 16
# The annotated scale is the person's height over this many pixels.
SCALE = 200


@dataclass(frozen=True)
class _Person:
    """One person: centre and height (`side`) in pixels; `joints` are x, y and visible, NaN without label."""

    image: str
    number: int
    centre: Float[np.ndarray, "2"]
    side: float
    joints: Float[np.ndarray, "16 3"]


@dataclass(frozen=True)
class Mpii(Reader):
    """Everybody with joints in the training pictures; the labels of the test pictures are not public.

    `box` is a square around the annotated centre, as large as the annotated height; SPIN's crop is just this box,
    without a margin. `select_all_joints` are people with all 16 joints labelled. A joint of which the file does not say
    whether it can be seen, as of necks and heads, counts as visible.
    """

    splits: ClassVar = ("train",)
    joint_set: ClassVar = "mpii_16"

    def parts(self, split: str) -> Sequence[Part]:
        """The one file."""
        return [Part("annotations", (self.find("mpii_human_pose_v1_u12_1.mat")[0],))]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody in the training pictures."""
        people = list(_people(part.files[0]))
        joints = np.array([person.joints for person in people]).reshape(-1, JOINTS, 3)
        sides = np.array([person.side for person in people])[:, None]
        centres = np.array([person.centre for person in people]).reshape(-1, 2)
        labelled = ~np.isnan(joints[..., 0])
        columns = {
            "image": np.array([f"images/{person.image}" for person in people], dtype=str),
            "sequence": np.array([PurePosixPath(person.image).stem for person in people], dtype=str),
            "frame": np.zeros(len(people), dtype=int),
            "person": np.array([person.number for person in people], dtype=int),
            "box": np.concatenate([centres - sides / 2, sides, sides], axis=1),
            "joints2d": np.nan_to_num(joints[..., :2]),
            "confidence2d": labelled.astype(float),
            "visible": joints[..., 2] > 0,
            "select_all_joints": labelled.all(1),
        }
        return in_order(take(columns, labelled.any(1) & has_area(columns["box"])))


def _people(path: Path) -> Iterator[_Person]:
    """Everybody with joints. Raises UserError naming file, person and field of what is missing or no number."""
    release = Struct(path, "", read_matlab(path)).inside("RELEASE")
    images = release.items("annolist")
    for image, trains in zip(images, release.numbers("img_train", len(images)), strict=True):
        for number, person in enumerate(image.items("annorect") if trains else []):
            if person.has("annopoints") and person.inside("annopoints").has("point"):
                yield _person(image.inside("image").text("name"), number, person)


def _person(image: str, number: int, person: Struct) -> _Person:
    joints = np.full((JOINTS, 3), np.nan)
    for point in person.inside("annopoints").items("point"):
        seen = point.number("is_visible") if point.has("is_visible") else 1.0
        joints[point.index("id", JOINTS)] = point.number("x"), point.number("y"), seen
    centre = person.inside("objpos")
    place = np.array([centre.number("x"), centre.number("y")])
    return _Person(image, number, place, SCALE * person.number("scale"), joints)
