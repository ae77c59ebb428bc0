"""OCHuman (Zhang et al., CVPR 2019): people hidden by each other, in stills, with 19 joints in 2D."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import has_area, in_order, take
from hpe.errors import UserError
from hpe.files.json_file import read_json
from hpe.files.json_records import Records
from hpe.files.limits import AGAIN
from hpe.joints import joint_set

KEYS = frozenset(
    {"keypoint_names", "images", "annotations", "file_name", "width", "height", "bbox", "keypoints", "segms"}
)
SEEN = 1


@dataclass(frozen=True)
class OcHuman(Reader):
    """People with joints and a mask. A joint is visible unless its own person (2) or somebody else (3) hides it.

    Of the pictures with such people, in the order of the file, the first 2,500 are val, the others test, all are all.
    `box` is the annotated one; `person` counts the annotations of a picture.
    """

    splits: ClassVar = ("val", "test", "all")
    joint_set: ClassVar = "ochuman_19"
    published: ClassVar = {"all": 8110}
    pictures_of_val: ClassVar[int] = 2500

    def parts(self, split: str) -> Sequence[Part]:
        """The one file of all splits."""
        return [Part("annotations", (self.find("ochuman.json")[0],))]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody of a split."""
        images = _read_images(part)
        people, rows = images.inner("annotations")
        numbers = np.arange(len(rows)) - np.searchsorted(rows, rows)
        both = people.has("keypoints") & people.has("segms")
        everybody = _columns(images, people.where(both), rows[both], numbers[both])
        first = np.isin(rows[both], np.unique(rows[both])[: self.pictures_of_val])
        chosen = {"val": first, "test": ~first, "all": first | ~first}[split]
        return in_order(take(everybody, chosen & has_area(everybody["box"])))


def _read_images(part: Part) -> Records:
    """The images of the file. Raises UserError where its joints are not those that are known."""
    (path,) = part.files
    content = read_json(path, keys=KEYS)
    images = Records.of(path, content, "images")
    if content.get("keypoint_names") != list(joint_set(OcHuman.joint_set).names):
        raise UserError(f"{path}: 'keypoint_names' are not the joints of {OcHuman.joint_set}; {AGAIN}")
    return images


def _columns(
    images: Records, people: Records, rows: Int[np.ndarray, " people"], numbers: Int[np.ndarray, " people"]
) -> Columns:
    names, corners = images.texts("file_name"), people.numbers("bbox", 4)
    sizes = np.stack([images.numbers("width"), images.numbers("height")], axis=1)
    joints = people.numbers("keypoints", 57).reshape(-1, 19, 3)
    return {
        "image": np.char.add("images/", names)[rows],
        "image_size": sizes[rows],
        "sequence": np.array([PurePosixPath(name).stem for name in names], dtype=str)[rows],
        "frame": np.zeros(len(rows), dtype=int),
        "person": numbers,
        "box": np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1),
        "joints2d": joints[..., :2],
        "confidence2d": (joints[..., 2] > 0).astype(float),
        "visible": joints[..., 2] == SEEN,
    }
