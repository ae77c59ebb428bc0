"""The parts of a split as they are read: each a file of its own until all are there, so that nothing is read twice."""

import hashlib
import os
import zipfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from hpe.datasets.picture_sizes import picture_sizes
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.schema import check_names, check_values


@dataclass(frozen=True)
class Fragment:
    """One part of a split on its way into a store, kept in `folder`."""

    reader: Reader
    split: str
    part: Part
    folder: Path

    @cached_property
    def key(self) -> str:
        """Changes with the reader, its settings and the size or date of a file, not with where its folder lies."""
        files = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in self.part.files]
        reader = replace(self.reader, folder="")
        said = (type(reader).__name__, reader.version, reader, self.split, self.part.name, files)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def path(self) -> Path:
        """Where its columns are kept."""
        return self.folder / f"{self.key}.npz"

    @property
    def _where(self) -> str:
        """The files that a fault is to be looked for in."""
        return ", ".join(map(str, self.part.files)) or self.part.name

    def columns(self) -> Columns:
        """Its columns, once made."""
        with np.load(self.path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}

    def made(self) -> bool:
        """Whether it lies there whole."""
        return self.path.is_file() and zipfile.is_zipfile(self.path)

    def read(self) -> Columns:
        """What a part holds. Raises UserError as readers do, and for what the schema does not allow."""
        columns = dict(self.reader.read(self.split, self.part))
        if "image_size" not in columns:
            columns["image_size"] = picture_sizes(self.reader.root, columns["image"].tolist())
        check_names(set(columns), self._where)
        check_values(columns, self._where, "fetch the official files again")
        return columns

    def make(self) -> None:
        """Read the part and keep what `read` gives. Raises UserError as it does."""
        columns = self.read()
        unfinished = self.folder / f".{self.key}.{os.getpid()}.npz"
        try:
            np.savez(unfinished, allow_pickle=False, **columns)
            unfinished.replace(self.path)
        finally:
            unfinished.unlink(missing_ok=True)


def made(fragment: Fragment) -> Fragment:
    """The fragment once it lies there: read unless it does."""
    if not fragment.made():
        fragment.make()
    return fragment
