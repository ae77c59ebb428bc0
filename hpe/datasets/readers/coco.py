"""COCO keypoints (Lin et al., ECCV 2014) and COCO-WholeBody (Jin et al., ECCV 2020): people in stills, 2D labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.coco_format import finished, joint_columns, labelled, read_annotations, still_columns
from hpe.datasets.readers.reader import Columns, Part, Reader

LIMBS = slice(5, 17)


@dataclass(frozen=True)
class Coco(Reader):
    """Everybody with a labelled joint. `year` is the release, 2014 or 2017: the same people, divided differently.

    `person` is the annotation's id, by which fits are joined. `box` is the annotated one. `select_limbs` are people
    with all 12 joints of arms and legs labelled, whom SPIN trains on: 28,344 in train of 2014.
    """

    year: int = 2014
    splits: ClassVar = ("train", "val")
    joint_set: ClassVar = "coco_17"

    @property
    def published(self) -> Mapping[str, int]:  # type: ignore[override]
        """Known of 2014."""
        return {"train:limbs": 28344} if self.year == 2014 else {}

    def parts(self, split: str) -> Sequence[Part]:
        """The one file of a split."""
        return [Part("annotations", (self.find(f"annotations/person_keypoints_{split}{self.year}.json")[0],))]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody in the file."""
        images, people = read_annotations(part.files[0], {"keypoints"})
        people = labelled(people, "keypoints", 17)
        joints = joint_columns(people, "keypoints", 17)
        limbs = np.all(joints["confidence2d"][:, LIMBS] > 0, axis=1)
        return finished({**still_columns(images, people, f"{split}{self.year}"), **joints, "select_limbs": limbs})


@dataclass(frozen=True)
class CocoWholeBody(Reader):
    """Body and feet of everybody with a labelled body joint, on the pictures of COCO 2017.

    `person` is the annotation's id, `box` the annotated one.
    """

    splits: ClassVar = ("train", "val")
    joint_set: ClassVar = "coco_wholebody_23"

    def parts(self, split: str) -> Sequence[Part]:
        """The one file of a split."""
        return [Part("annotations", (self.find(f"annotations/coco_wholebody_{split}_v1.0.json")[0],))]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody in the file."""
        images, people = read_annotations(part.files[0], {"keypoints", "foot_kpts"})
        people = labelled(people, "keypoints", 17)
        body, feet = joint_columns(people, "keypoints", 17), joint_columns(people, "foot_kpts", 6)
        joints = {name: np.concatenate([body[name], feet[name]], axis=1) for name in body}
        return finished({**still_columns(images, people, f"{split}2017"), **joints})
