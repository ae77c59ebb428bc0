"""Packs: the pictures of a store, byte for byte, in a few HDF5 files beside it.

File systems of clusters are slow with millions of small files. `train.pictures/00000.h5` and so on hold the JPEGs and
PNGs one after another; where that folder is, a store reads them there, and the picture files are no longer needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from hpe.datasets.images import UnreadableImage
from hpe.errors import UserError, reason_of
from hpe.files.hdf5 import attribute, stored_dataset

SCHEMA = "hpe-pictures"
COLUMNS = {"names": "S", "ends": "i", "bytes": "u"}


@dataclass(frozen=True)
class Shard:
    """One file: sorted names, where the bytes of each end, and all bytes, which stay on disk."""

    path: Path
    names: np.ndarray
    ends: np.ndarray
    data: np.ndarray

    @classmethod
    def open(cls, path: Path) -> "Shard":
        """Raises UserError, naming the file, for anything that is not a whole shard."""
        try:
            with h5py.File(path, "r") as file:
                columns = _checked(file, path)
                names, ends = columns["names"][:], columns["ends"][:]
                size, offset = columns["bytes"].size, columns["bytes"].id.get_offset()
        except (OSError, RuntimeError, KeyError, ValueError) as error:
            raise UserError(f"{path}: cannot be read ({reason_of(error)}); pack the pictures again") from error
        if len(names) != len(ends) or (np.diff(ends, prepend=0) < 0).any() or (ends[-1] if len(ends) else 0) != size:
            raise UserError(f"{path}: names and bytes do not fit each other; pack the pictures again")
        # Mapped rather than read by HDF5, whose open files do not survive into forked workers.
        return cls(
            path, names, ends, np.memmap(path, np.uint8, "r", offset, (size,)) if size else np.zeros(0, np.uint8)
        )

    def read(self, name: bytes) -> bytes | None:
        """A picture as it is encoded; None where it is not here."""
        place = int(np.searchsorted(self.names, name))
        if place == len(self.names) or self.names[place] != name:
            return None
        return self.data[self.ends[place - 1] if place else 0 : self.ends[place]].tobytes()


@dataclass(frozen=True)
class Pack:
    """All shards of a store, in the order of their names."""

    folder: Path
    shards: Sequence[Shard]

    @classmethod
    def open(cls, folder: Path) -> "Pack":
        """Raises UserError for a shard that is damaged."""
        return cls(folder, [Shard.open(path) for path in sorted(folder.glob("*.h5"))])

    def read(self, name: str) -> bytes:
        """A picture as it is encoded. Raises UnreadableImage where it is not packed."""
        encoded = name.encode()
        for shard in self.shards:
            if len(shard.names) and encoded <= shard.names[-1]:
                found = shard.read(encoded)
                if found is not None:
                    return found
                break
        raise UnreadableImage(f"{self.folder}/{name} (not packed; pack the pictures again)")


def pack_folder(store: Path) -> Path:
    """Where the pack of a store lies."""
    return store.with_name(f"{store.stem}.pictures")


def _checked(file: h5py.File, path: Path) -> Mapping[str, h5py.Dataset]:
    if attribute(file, "schema") != SCHEMA:
        raise UserError(f"{path}: no pack of pictures (attribute schema is not '{SCHEMA}')")
    columns = {name: stored_dataset(file, name, f"{path}: ") for name in COLUMNS}
    for name, kind in COLUMNS.items():
        if columns[name].dtype.kind != kind or columns[name].ndim != 1:
            raise UserError(f"{path}: column '{name}' is not a list of NumPy kind '{kind}'; pack the pictures again")
    if columns["bytes"].chunks is not None or columns["bytes"].dtype != np.uint8:
        raise UserError(f"{path}: column 'bytes' is not stored in one piece; pack the pictures again")
    return columns
