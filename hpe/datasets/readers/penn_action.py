"""Penn Action (Zhang, Zhu and Derpanis, ICCV 2013): clips of one person in motion, 13 joints in 2D."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import has_area, take
from hpe.files.entries import Entries
from hpe.files.matlab import read_matlab
from hpe.geometry.boxes import tight_boxes

JOINTS = 13


@dataclass(frozen=True)
class PennAction(Reader):
    """Every frame in which joints can be seen; frames count from 0, pictures from 1.

    `box` is tight around the visible joints, as VIBE takes it; where a hidden joint would be is not labelled.
    """

    splits: ClassVar = ("train", "test")
    joint_set: ClassVar = "penn_action_13"

    def parts(self, split: str) -> Sequence[Part]:
        """One a clip, by number; which split a clip is of stands in its file."""
        return [Part(file.stem, (file,)) for file in self.find("labels/*.mat")]

    def read(self, split: str, part: Part) -> Columns:
        """The frames of a clip, none where it is of the other split."""
        clip = Entries(part.files[0], read_matlab(part.files[0]))
        x = clip.array("x", None, JOINTS)
        joints = np.stack([x, clip.array("y", len(x), JOINTS)], axis=-1)
        visible = clip.array("visibility", len(x), JOINTS) > 0
        height, width, _ = clip.array("dimensions", 3)
        boxes = tight_boxes(joints, visible)
        columns = {
            "image": np.array([f"frames/{part.name}/{frame + 1:06}.jpg" for frame in range(len(x))], dtype=str),
            "image_size": np.tile([width, height], (len(x), 1)),
            "sequence": np.full(len(x), part.name),
            "frame": np.arange(len(x)),
            "person": np.zeros(len(x), dtype=int),
            "box": boxes,
            "joints2d": joints,
            "confidence2d": visible.astype(float),
            "visible": visible,
        }
        return take(columns, has_area(boxes) & ((clip.array("train") > 0) == (split == "train")))
