"""The people of a data set who have a body fitted by EFT; the fits lie in `eft/` within the data set's folder."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from hpe.datasets.readers.coco import Coco
from hpe.datasets.readers.eft import body_columns, by_annotation, by_place, read_fits
from hpe.datasets.readers.lsp import LspExtended
from hpe.datasets.readers.mpii import Mpii
from hpe.datasets.readers.ochuman import OcHuman
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import in_order, take
from hpe.errors import UserError
from hpe.files.json_records import Records


@dataclass(frozen=True)
class Fitted(Reader):
    """Columns of another reader for the people who have a fit, and their bodies.

    `fits` names, for each split, the split of the other reader and the files of fits for its people.
    """

    fits: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]]

    @property
    @abstractmethod
    def labels(self) -> Reader:
        """Reads the 2D labels that were fitted."""

    def rows(self, fits: Records, people: Columns) -> Int[np.ndarray, " fits"]:
        """For each fit the row of its person, -1 where there is none."""
        return by_place(fits, people)

    def parts(self, split: str) -> Sequence[Part]:
        """The annotations and fits of a split as one part."""
        labels, names = self.fits[split]
        (annotations,) = self.labels.parts(labels)
        files = [self.find(f"eft/{name}")[0] for name in names]
        return [Part("fits", (*annotations.files, *files))]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody with a fit. Raises UserError also where most fits are of nobody: those are another set's."""
        labels, names = self.fits[split]
        people = self.labels.read(labels, Part(part.name, part.files[: -len(names)]))
        tables = [self._fitted(people, read_fits(path)) for path in part.files[-len(names) :]]
        return in_order({key: np.concatenate([table[key] for table in tables]) for key in tables[0]})

    def _fitted(self, people: Columns, fits: Records) -> Columns:
        rows = self.rows(fits, people)
        found = rows >= 0
        if 2 * found.sum() < len(fits):
            words = f"only {found.sum()} of {len(fits)} fits are of people in {self.labels.root}"
            raise UserError(f"{fits.path}: {words}; take those of this data set")
        return {**take(people, rows[found]), **body_columns(fits.where(found))}


@dataclass(frozen=True)
class Coco2014Eft(Fitted):
    """COCO 2014: "All", people with 6 or more joints labelled; those of `select_limbs` are "Part"."""

    splits: ClassVar[tuple[str, ...]] = ("train", "val")
    joint_set: ClassVar = Coco.joint_set
    published: ClassVar = {"train": 79051, "train:limbs": 28344, "val": 10510}
    fits: ClassVar = {
        "train": ("train", ("COCO2014-All-ver01.json",)),
        "val": ("val", ("COCO2014-Val-ver10.json",)),
    }

    @property
    def labels(self) -> Reader:
        """COCO of that year."""
        return Coco(self.folder, 2014)

    def rows(self, fits: Records, people: Columns) -> Int[np.ndarray, " fits"]:
        """By the annotation's id."""
        return by_annotation(fits, people)


@dataclass(frozen=True)
class Coco2017Eft(Coco2014Eft):
    """The same fits on train of COCO 2017, which is train of 2014 and most of its val."""

    splits: ClassVar = ("train",)
    published: ClassVar = {}
    fits: ClassVar = {"train": ("train", ("COCO2014-All-ver01.json", "COCO2014-Val-ver10.json"))}

    @property
    def labels(self) -> Reader:
        """COCO of that year."""
        return Coco(self.folder, 2017)


@dataclass(frozen=True)
class MpiiEft(Fitted):
    """MPII's training set."""

    splits: ClassVar = ("train",)
    joint_set: ClassVar = Mpii.joint_set
    published: ClassVar = {"train": 14361}
    fits: ClassVar = {"train": ("train", ("MPII_ver01.json",))}

    @property
    def labels(self) -> Reader:
        """MPII."""
        return Mpii(self.folder)


@dataclass(frozen=True)
class LspExtendedEft(Fitted):
    """LSPET, which EFT divides into train and test."""

    splits: ClassVar = ("train", "test")
    joint_set: ClassVar = LspExtended.joint_set
    published: ClassVar = {"train": 2946, "test": 2433}
    fits: ClassVar = {
        "train": ("train", ("LSPet_ver01.json",)),
        "test": ("train", ("LSPet_test_ver10.json",)),
    }

    @property
    def labels(self) -> Reader:
        """LSPET."""
        return LspExtended(self.folder)


@dataclass(frozen=True)
class OcHumanEft(Fitted):
    """OCHuman, which EFT divides into train and test in its own way."""

    splits: ClassVar = ("train", "test")
    joint_set: ClassVar = OcHuman.joint_set
    published: ClassVar = {"train": 2495, "test": 1783}
    fits: ClassVar = {
        "train": ("all", ("OCHuman_train_ver10.json",)),
        "test": ("all", ("OCHuman_test_ver10.json",)),
    }

    @property
    def labels(self) -> Reader:
        """OCHuman."""
        return OcHuman(self.folder)
