"""Leeds Sports Pose (Johnson and Everingham, BMVC 2010) and its extended training set (CVPR 2011): one person a still.

Their `joints.mat` differ: the axes lie in another order, and the third number says "hidden" in one, "seen" in the
other. Left and right are the person's. The box is tight around the labelled joints.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool, Float

from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import has_area, take
from hpe.errors import UserError
from hpe.files.limits import AGAIN
from hpe.files.matlab import read_matlab
from hpe.geometry.boxes import tight_boxes


@dataclass(frozen=True)
class Lsp(Reader):
    """LSP: 1,000 people to train on, 1,000 to test on. Hidden joints are labelled too.

    `folder` holds `joints.mat` and `images/`, as the original size and the reduced one both do.
    """

    splits: ClassVar = ("train", "test")
    joint_set: ClassVar = "lsp_14"
    published: ClassVar = {"train": 1000, "test": 1000}

    def parts(self, split: str) -> Sequence[Part]:
        """The one file of both splits."""
        return [Part("joints", (self.find("joints.mat")[0],))]

    def read(self, split: str, part: Part) -> Columns:
        """The first half of the pictures is train, the second test."""
        joints = _read_joints(part.files[0], "3 x 14 x people").transpose(2, 1, 0)
        pictures = _pictures(self, self.find("images/im*.jpg"), len(joints), part.files[0])
        half = slice(None, len(joints) // 2) if split == "train" else slice(len(joints) // 2, None)
        joints = joints[half]
        return _columns(pictures[half], joints, np.full(joints.shape[:2], True), joints[..., 2] == 0)


@dataclass(frozen=True)
class LspExtended(Reader):
    """LSPET: people to train on. A joint to the left of the picture or above it, or at its corner, has no label.

    Read as released first (`images/im00001.jpg`) or in its larger size (`im00001.png` beside `joints.mat`), which lacks
    some pictures: joints and pictures are paired by order.
    """

    splits: ClassVar = ("train",)
    joint_set: ClassVar = "lsp_14"

    def parts(self, split: str) -> Sequence[Part]:
        """The one file."""
        return [Part("joints", (self.find("joints.mat")[0],))]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody with a box."""
        joints = _read_joints(part.files[0], "14 x 3 x people").transpose(2, 0, 1)
        files = sorted(self.root.glob("images/im*.jpg")) or self.find("im*.png")
        labelled = np.all(joints[..., :2] > 0, axis=-1)
        return _columns(
            _pictures(self, files, len(joints), part.files[0]), joints, labelled, labelled & (joints[..., 2] == 1)
        )


def _read_joints(path: Path, shape: str) -> Float[np.ndarray, "first second people"]:
    """The array of a file. Raises UserError for one of another shape or with a number that is not finite."""
    found: Any = np.asarray(read_matlab(path).get("joints"))
    wanted = [int(size) for size in shape.split(" x ")[:2]]
    if found.dtype.kind not in "biuf" or found.ndim != 3 or list(found.shape[:2]) != wanted:
        raise UserError(
            f"{path}: 'joints' has shape {' x '.join(map(str, found.shape)) or 'of nothing'}, expected {shape}; {AGAIN}"
        )
    bad = ~np.isfinite(found).all((0, 1))
    if bad.any():
        raise UserError(f"{path}: 'joints' of person {bad.argmax() + 1} holds a number that is not finite; {AGAIN}")
    return found.astype(np.float64)


def _pictures(reader: Reader, files: Sequence[Path], people: int, path: Path) -> np.ndarray:
    """Names of the pictures of all people, in order. Raises UserError where there are more or fewer."""
    if len(files) != people:
        raise UserError(
            f"{path} has joints of {people} people, but beside it are {len(files)} pictures: unpack all again"
        )
    return np.array([reader.relative(file) for file in files], dtype=str)


def _columns(
    pictures: np.ndarray,
    joints: Float[np.ndarray, "people 14 3"],
    labelled: Bool[np.ndarray, "people 14"],
    visible: Bool[np.ndarray, "people 14"],
) -> Columns:
    boxes = tight_boxes(joints[..., :2], labelled)
    columns = {
        "image": pictures,
        "sequence": np.array([Path(name).stem for name in pictures], dtype=str),
        "frame": np.zeros(len(pictures), dtype=int),
        "person": np.zeros(len(pictures), dtype=int),
        "box": boxes,
        "joints2d": joints[..., :2],
        "confidence2d": labelled.astype(float),
        "visible": visible,
    }
    return take(columns, has_area(boxes))
