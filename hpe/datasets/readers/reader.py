"""What every reader is: the parts that a split is read in, and the columns that a part holds."""

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from hpe.errors import UserError

# Columns of a store by name, all of one length: the schema says which there are, and their units.
Columns = Mapping[str, np.ndarray]


class FilesMissing(UserError):
    """Official files are not where they are looked for; the data set's own words on how to get them follow."""


@dataclass(frozen=True)
class Part:
    """What is read at one go, such as the annotations of one video: its name within the split, and its files."""

    name: str
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Reader(ABC):
    """Reads the official files of one data set, as they lie in `folder` once unpacked.

    A part is read by itself, in any process, and gives the same columns whenever it is read. `image` is relative to
    `folder`. `image_size` may be left out: then it is read from the pictures' headers.
    """

    folder: str
    # Counts up with every change that alters what is read.
    version: ClassVar[int] = 1
    splits: ClassVar[tuple[str, ...]] = ("train", "val", "test")
    joint_set: ClassVar[str] = "smpl_24"
    # People of a split ("test"), or of a selection in it ("test:campose_valid"), as its authors or users count them;
    # what is read is printed beside them.
    published: ClassVar[Mapping[str, int]] = {}

    @property
    def root(self) -> Path:
        """`folder` as a path."""
        return Path(self.folder).expanduser()

    def joints(self, split: str) -> str:
        """The joint set of a split: that of the data set, unless its splits differ."""
        return self.joint_set

    @abstractmethod
    def parts(self, split: str) -> Sequence[Part]:
        """The parts of a split in the order of the store. Raises UserError naming a file that is missing."""

    @abstractmethod
    def read(self, split: str, part: Part) -> Columns:
        """The people of a part, sorted by sequence, person and frame. Raises UserError naming file and key."""

    def find(self, pattern: str) -> list[Path]:
        """Files of the data set by a pattern relative to `folder`, sorted. Raises FilesMissing where there is none."""
        found = sorted(self.root.glob(pattern))
        if not found:
            raise FilesMissing(f"no {pattern} in {self.root.resolve()}: unpack the official files there")
        return found

    def relative(self, path: Path) -> str:
        """A file's name from `folder` on, with "/" between its parts; of one that is elsewhere, it begins with ".."."""
        if path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        return Path(os.path.relpath(path.resolve(), self.root.resolve())).as_posix()
