"""MuCo-3DHP as released with 3DMPPE (Moon et al., ICCV 2019): people of MPI-INF-3DHP composed into pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.coco_format import LARGEST_ID, finished, picture_rows, read_annotations
from hpe.datasets.readers.numbering import number_within
from hpe.datasets.readers.projection import before_camera
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import take

KEYS = frozenset({"f", "c", "keypoints_cam", "keypoints_img", "keypoints_vis"})


@dataclass(frozen=True)
class MuCo(Reader):
    """`MuCo-3DHP.json`, whose pictures lie beside it in `augmented_set` and `unaugmented_set`; one part.

    The box is the annotated one; people whose box has no area, or who are partly behind the camera, are left out. Each
    picture has its own camera. A folder is a sequence, a picture's id its frame, and people are numbered within a
    picture. Joints that are not visible are labelled all the same.
    """

    splits: ClassVar = ("train",)
    joint_set: ClassVar = "muco_21"
    file: str = "MuCo-3DHP.json"

    def parts(self, split: str) -> Sequence[Part]:
        """The file."""
        return [Part(file.stem, (file,)) for file in self.find(self.file)]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody in every picture."""
        images, people = read_annotations(part.files[0], KEYS)
        rows = picture_rows(people, images)
        names, count = images.texts("file_name"), len(people)
        joints = people.numbers("keypoints_cam", 21, 3) / 1000
        seen = before_camera(joints, f"{part.files[0]}: 'keypoints_cam'")
        known = np.ones((count, 21))
        columns = {
            "image": names[rows],
            "image_size": np.stack([images.numbers("width"), images.numbers("height")], 1)[rows],
            "sequence": np.array([PurePosixPath(name).parent.as_posix() for name in names], dtype=str)[rows],
            "frame": images.whole("id", LARGEST_ID)[rows],
            "person": number_within(rows),
            "box": people.numbers("bbox", 4),
            "joints2d": people.numbers("keypoints_img", 21, 2),
            "confidence2d": known,
            "visible": people.numbers("keypoints_vis", 21) > 0,
            **{"joints3d": joints, "confidence3d": known},
            "focal_length": images.numbers("f", 2).mean(1)[rows],
            "principal_point": images.numbers("c", 2)[rows],
        }
        return finished(take(columns, seen))
