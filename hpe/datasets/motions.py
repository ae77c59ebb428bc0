"""Motions without pictures, for motion priors and for sampling of poses; frames are read on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from jaxtyping import Float, Int

from hpe.datasets.motion_store import FRAMES, NUMBERS, SCHEMA, TEXTS, VERSION
from hpe.errors import UserError, reason_of
from hpe.files.hdf5 import attribute


@dataclass(frozen=True)
class Motions:
    """The motions of a store: its columns by the names of `motion_store`, and views of its frames in the file.

    `pose` is axis-angle in SMPL's order, the root in a world with z up, which `trans` (metres) is in too.
    """

    path: Path
    pose: Float[np.ndarray, "frames 72"]
    trans: Float[np.ndarray, "frames 3"]
    columns: Mapping[str, np.ndarray]

    @classmethod
    def open(cls, path: Path) -> "Motions":
        """Raises UserError, naming the fault, for a file that is missing or no whole store of motions."""
        if not path.is_file():
            raise UserError(f"no motions {path}; run: python -m hpe.prepare data=amass")
        try:
            with h5py.File(path, "r") as file:
                if (attribute(file, "schema"), attribute(file, "version")) != (SCHEMA, VERSION):
                    raise ValueError(f"it is no {SCHEMA} of version {VERSION}")
                pose, trans = (_view(path, _whole(file, key), size) for key, size in FRAMES.items())
                columns = {key: _whole(file, key)[:].astype(kind) for key, (kind, _) in NUMBERS.items()}
                columns |= {key: _whole(file, key).asstr()[:].astype(str) for key in TEXTS}
            _check(columns, {len(pose), len(trans)})
        except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
            raise UserError(f"{path} cannot be read as motions ({reason_of(error)}); prepare the data again") from error
        return cls(path, pose, trans, columns)

    def __len__(self) -> int:
        return len(self.columns["length"])

    def __getitem__(self, column: str) -> np.ndarray:
        return self.columns[column]

    @property
    def start(self) -> Int[np.ndarray, " motions"]:
        """The first frame of each motion."""
        return np.cumsum(self["length"]) - self["length"]

    def sample_poses(self, count: int, generator: np.random.Generator) -> Float[np.ndarray, "count 72"]:
        """Poses of frames drawn at random, every frame of every motion alike."""
        return np.array(self.pose[generator.integers(len(self.pose), size=count)])

    def sample_clips(
        self, count: int, length: int, generator: np.random.Generator
    ) -> tuple[Float[np.ndarray, "count length 72"], Int[np.ndarray, " count"]]:
        """Runs of `length` frames drawn at random, every run alike, and the motions that they are of.

        Raises UserError where every motion is shorter.
        """
        runs = (self["length"] - length + 1).clip(0)
        if not runs.any():
            raise UserError(f"no motion in {self.path} has {length} frames; ask for shorter clips")
        motions = generator.choice(len(self), size=count, p=runs / runs.sum())
        first = self.start[motions] + generator.integers(runs[motions])
        return np.array(self.pose[first[:, None] + np.arange(length)]), motions


def _whole(file: h5py.File, key: str) -> h5py.Dataset:
    """A dataset, if the file holds what it claims. Raises ValueError where it does not."""
    dataset = file[key]
    if not isinstance(dataset, h5py.Dataset) or dataset.external or dataset.is_virtual:
        raise ValueError(f"'{key}' is no dataset of this file")
    if dataset.dtype.kind == "O" or dataset.id.get_storage_size() != dataset.nbytes:
        raise ValueError(f"'{key}' is not stored in full")
    return dataset


def _view(path: Path, dataset: h5py.Dataset, size: int) -> np.ndarray:
    if dataset.dtype != np.float32 or dataset.shape[1:] != (size,) or dataset.id.get_offset() is None:
        raise ValueError(f"'{dataset.name}' is {dataset.dtype} of shape {dataset.shape}")
    return np.memmap(path, np.float32, "r", dataset.id.get_offset(), dataset.shape)


def _check(columns: Mapping[str, np.ndarray], frames: set[int]) -> None:
    """Raise ValueError for columns that are not of the same motions."""
    count = len(columns["length"])
    shapes = {**{key: (count, *shape) for key, (_, shape) in NUMBERS.items()}, **dict.fromkeys(TEXTS, (count,))}
    for key, shape in shapes.items():
        if columns[key].shape != shape:
            raise ValueError(f"'{key}' has shape {columns[key].shape}, expected {shape}")
    if (columns["length"] < 1).any() or frames != {int(columns["length"].sum())}:
        raise ValueError("'length' does not add up to the frames")
