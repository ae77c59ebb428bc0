"""What files that systems exchange have in common: a split in one file, people known by the names of pictures."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from hpe.datasets.readers.genders import gender_code
from hpe.datasets.readers.picture_names import Named, named_people, texts
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import in_order
from hpe.datasets.schema import check_values
from hpe.files.entries import Entries

# The crop that a file's box is meant for is so many times the tight box of a store.
MARGIN = 1.2


@dataclass(frozen=True)
class Exchanged(Reader):
    """People of one split.

    `file`, and the folder `images` that the names of pictures start from, are relative to `folder`. Of these names,
    what comes before the folder `cut` is left out. `sequence` says what of a name is the sequence: folder, stem (all
    but the number at the end, for videos that share a folder) or picture (for pictures that are none of a video).
    `selection` is what protocol cards call the people of this file, such as pare_npz.
    """

    file: str = "train.npz"
    images: str = ""
    split: str = "train"
    cut: str = ""
    sequence: str = "folder"
    selection: str = ""

    @property
    def splits(self) -> tuple[str, ...]:  # type: ignore[override]
        """The one split."""
        return (self.split,)

    def parts(self, split: str) -> Sequence[Part]:
        """The file."""
        return [Part(Path(self.file).stem, tuple(self.find(self.file)))]

    def read(self, split: str, part: Part) -> Columns:
        """The people of the file. Raises UserError, with column and row, where what is known is not finite."""
        columns = dict(self.columns(part.files[0]))
        check_values(columns, str(part.files[0]))
        if self.selection:
            columns.setdefault(f"select_{self.selection}", np.full(len(columns["image"]), True))
        return in_order(columns)

    @abstractmethod
    def columns(self, path: Path) -> Columns:
        """The people of the file, in its order."""

    def named(self, file: Entries, key: str) -> Columns:
        """Picture, sequence, frame and person by the names of pictures in an entry."""
        return named_people(file, key, Named(self.images, self.cut, self.sequence))


def labelled(points: Float[np.ndarray, "people joints coordinates"], dimensions: int) -> Columns:
    """Joint columns of points whose last coordinate is their confidence; points without any are 0."""
    name = f"{dimensions}d"
    confidence = np.nan_to_num(points[..., -1]).clip(0, 1)
    known = np.where(confidence[..., None] > 0, points[..., :dimensions], 0)
    return {f"joints{name}": known, f"confidence{name}": confidence}


def body(
    pose: Float[np.ndarray, "people 72"], betas: Float[np.ndarray, "people shape"], known: Bool[np.ndarray, " people"]
) -> Columns:
    """SMPL columns, 0 where they are not known."""
    return {
        "pose": np.where(known[:, None], pose, 0),
        "betas": np.where(known[:, None], betas[:, :10], 0),
        "has_smpl": known,
    }


def flags(file: Entries, key: str, count: int) -> Bool[np.ndarray, " people"]:
    """An entry of 0 and 1, or all 1 where the file has none."""
    if key not in file.entries:
        return np.full(count, True)
    return file.rows(key, count)[:, 0] > 0


def square_boxes(
    center: Float[np.ndarray, "people 2"], sides: Float[np.ndarray, "people sides"]
) -> Float[np.ndarray, "people 4"]:
    """Boxes around a centre, from the side or sides of a crop in pixels, which a store's margin brings back."""
    size = np.broadcast_to(sides / MARGIN, center.shape)
    return np.concatenate([center - size / 2, size], axis=1)


def genders(file: Entries, key: str, count: int) -> Columns:
    """The column of genders, where the file has any."""
    if key not in file.entries:
        return {}
    words, places = np.unique(texts(file, key, count), return_inverse=True)
    codes = np.array([gender_code(str(word), f"{file.path}: '{key}'") for word in words])
    return {"gender": codes[places]}
