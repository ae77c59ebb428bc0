"""PoseTrack18 (Andriluka et al., CVPR 2018): videos of several people, some frames labelled with 15 joints in 2D."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Int

from hpe.datasets.readers.coco_format import LARGEST_ID, finished, picture_rows
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import take
from hpe.errors import UserError
from hpe.files.json_file import read_json
from hpe.files.json_records import Records
from hpe.files.limits import AGAIN
from hpe.joints import joint_set

JOINTS = 17
OFFICIAL_NAMES = {"head_top": "headtop"}
# VIBE leaves this video out of training.
LEFT_OUT = "021133_mpii_train"


@dataclass(frozen=True)
class PoseTrack18(Reader):
    """Everybody with a box and a labelled joint in the labelled frames; those of test are not public.

    `person` is the track, `box` the annotated one. A joint at (0, 0) has no label; the ears never have one. The file
    does not say which joints are hidden.
    """

    splits: ClassVar = ("train", "val")
    joint_set: ClassVar = "posetrack_17"

    def parts(self, split: str) -> Sequence[Part]:
        """One a video, by name."""
        files = self.find(f"posetrack_data/annotations/{split}/*.json")
        return [Part(file.stem, (file,)) for file in files if file.stem != LEFT_OUT]

    def read(self, split: str, part: Part) -> Columns:
        """The people of a video."""
        content = read_json(part.files[0])
        images, people = (Records.of(part.files[0], content, name) for name in ("images", "annotations"))
        people = people.where(people.has("bbox") & people.has("keypoints"))
        joints = people.numbers("keypoints", 3 * JOINTS).reshape(-1, JOINTS, 3)[:, _order(part.files[0], content), :2]
        labelled = (joints != 0).any(-1)
        rows, names = picture_rows(people, images), images.texts("file_name")
        columns = {
            "image": names[rows],
            "sequence": np.full(len(rows), part.name),
            "frame": _frames(images)[rows],
            "person": people.whole("track_id", LARGEST_ID),
            "box": people.numbers("bbox", 4),
            "joints2d": joints,
            "confidence2d": labelled.astype(float),
        }
        return finished(take(columns, labelled.any(1)))


def _order(path: Path, content: Any) -> list[int]:
    """Places, in the file's list of joints, of those of our set. Raises UserError where the two differ."""
    categories = Records.of(path, content, "categories")
    names = categories.values("keypoints")[0] if len(categories) else None
    known = [OFFICIAL_NAMES.get(str(name), str(name)) for name in names] if isinstance(names, list) else []
    wanted = joint_set(PoseTrack18.joint_set).names
    if len(known) != JOINTS or set(known) != set(wanted):
        raise UserError(f"{path}: categories[0], 'keypoints' are not the joints of {PoseTrack18.joint_set}; {AGAIN}")
    return [known.index(name) for name in wanted]


def _frames(images: Records) -> Int[np.ndarray, " images"]:
    """Frames as the pictures are numbered."""
    numbers = [PurePosixPath(name).stem for name in images.texts("file_name")]
    for row, number in enumerate(numbers):
        if not number.isdecimal():
            raise images.fault(row, "file_name", "does not end in the number of a frame")
    return np.array([int(number) for number in numbers], dtype=np.int64)
