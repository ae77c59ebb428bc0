"""What all JSON files of HybrIK and ProPose have in common: images with a camera each, and people in them.

An image names its camera's focal length and centre in other words in each file, joints come in mm or metres; a reader
of `hybrik_sets` says which.
"""

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from hpe.datasets.readers.coco_format import finished, picture_rows, read_annotations
from hpe.datasets.readers.numbering import frame_numbers, number_within
from hpe.datasets.readers.projection import before_camera
from hpe.datasets.readers.reader import Columns, FilesMissing, Part, Reader
from hpe.datasets.readers.rows import take
from hpe.files.json_records import Records
from hpe.geometry.intrinsics import pinhole_points

Array = np.ndarray


class Lens(NamedTuple):
    """Focal lengths and centre of each image's camera, pixels."""

    focal: Float[Array, "images 2"]
    centre: Float[Array, "images 2"]


@dataclass(frozen=True)
class Hybrik(Reader):
    """One file a split, `train` and `test`, relative to `folder`; one part.

    The box is the annotated one; people whose box has no area, or who are partly behind the camera, are left out.
    `frame` is the number at the end of a picture's name, and people are numbered within a picture: the files do not
    follow them. Twist angles are not kept.
    """

    splits: ClassVar = ("train", "test")
    keys: ClassVar[frozenset[str]] = frozenset()
    train: str
    test: str

    def parts(self, split: str) -> Sequence[Part]:
        """The split's file. Raises UserError where it is missing."""
        path = self.root / {"train": self.train, "test": self.test}[split]
        if not path.is_file():
            raise FilesMissing(f"no file {path}: put HybrIK's annotations there, or name yours in reader.{split}")
        return [Part(path.stem, (path,))]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody in every picture."""
        images, people = read_annotations(part.files[0], self.keys | {"cam_param"})
        rows, cameras = picture_rows(people, images), within(images, "cam_param")
        lens, names = self.lens(cameras), self.pictures(split, images)
        columns = {
            "image": names[rows],
            "image_size": np.stack([images.numbers("width"), images.numbers("height")], 1)[rows],
            "sequence": np.array(
                [PurePosixPath(name).parent.as_posix() for name in images.texts("file_name")], dtype=str
            )[rows],
            "frame": frame_numbers(images)[rows],
            "person": number_within(rows),
            "box": people.numbers("bbox", 4),
            "focal_length": lens.focal.mean(1)[rows],
            "principal_point": lens.centre[rows],
        }
        columns |= self.labels(split, images, people, rows, lens)
        return finished(take(columns, np.all(columns["joints3d"][..., 2] > 0, axis=1)))

    @abstractmethod
    def lens(self, cameras: Records) -> Lens:
        """The cameras of all images."""

    @abstractmethod
    def pictures(self, split: str, images: Records) -> Array:
        """Names of the pictures, relative to `folder`."""

    @abstractmethod
    def labels(self, split: str, images: Records, people: Records, rows: Int[Array, " people"], lens: Lens) -> Columns:
        """Joints, bodies and selections; `rows` are the images that people are in."""


def within(records: Records, key: str) -> Records:
    """The objects that records have under a key."""
    return Records.of(records.path, {key: records.values(key)}, key)


def folded(names: Array, folder: str) -> Array:
    """Names in a folder."""
    return np.char.add(f"{folder}/", names)


def one_of(records: Records, key: str, *shapes: tuple[int, ...]) -> Float[Array, "rows ..."]:
    """Numbers of whichever shape the first row has; the last one's fault where it is none of these."""
    first = records.shape(key)
    return records.numbers(key, *(first if first in shapes else shapes[-1]))


def triples(records: Records, key: str, *counts: int) -> Float[Array, "rows points 3"]:
    """So many points, or rotations, one under another or one behind another."""
    found = one_of(records, key, *[(3 * count,) for count in counts], *[(count, 3) for count in counts])
    return found.reshape(len(found), math.prod(found.shape[1:]) // 3, 3)


def camera_points(people: Records, key: str, *counts: int, unit: int = 1) -> Float[Array, "people points 3"]:
    """Points in metres, `unit` of the file's to one. Raises UserError where half the people are behind the camera."""
    points = triples(people, key, *counts) / unit
    before_camera(points, f"{people.path}: '{key}'")
    return points


def projected(
    joints: Float[Array, "people joints 3"], lens: Lens, rows: Int[Array, " people"]
) -> Float[Array, "people joints 2"]:
    """Pixels of joints; of what is behind the camera, which is left out later, anything finite."""
    shown = np.where(joints[..., 2:] > 0, joints, 1)
    return pinhole_points(shown, lens.focal[rows], lens.centre[rows])


def joint_columns(joints: Float[Array, "people joints 3"], pixels: Float[Array, "people joints 2"]) -> Columns:
    """Labelled joints, all of them known."""
    known = np.ones(joints.shape[:2])
    return {"joints2d": pixels, "confidence2d": known, "joints3d": joints, "confidence3d": known}


def body_columns(pose: Float[Array, "people 72"], betas: Float[Array, "people 10"]) -> Columns:
    """Neutral SMPL bodies, which all of these files hold."""
    count = len(pose)
    return {"pose": pose, "betas": betas, "has_smpl": np.full(count, True), "gender": np.zeros(count, int)}
