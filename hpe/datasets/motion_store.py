"""What a store of motions holds, and how it is written.

`pose` (axis-angle in SMPL's order, the root in a world with z up) and `trans` (metres) hold the frames of all motions,
one motion after another. The other datasets have a row a motion.
"""

import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd

from hpe.datasets.fragments import Fragment
from hpe.files.hdf5 import write_attributes

SCHEMA, VERSION = "hpe-motions", 1
FRAMES = {"pose": 72, "trans": 3}
# Numbers a motion: type, shape.
NUMBERS: Mapping[str, tuple[Any, tuple[int, ...]]] = {
    "length": (np.int64, ()),  # frames
    "rate": (np.float32, ()),  # Hz
    "betas": (np.float32, (10,)),
    "gender": (np.int8, ()),  # index into schema.GENDERS
}
TEXTS = ("name", "subset")


def write_motions(path: Path, fragments: Sequence[Fragment]) -> dict[str, int]:
    """Write the motions of all fragments, whose columns are those named above; returns the frames of each subset.

    One fragment at a time is in memory. The same motions give the same bytes. Nothing is written where there is none.
    Raises OSError where the disk has too little room: HDF5 itself would end the process.
    """
    table = _table(fragments)
    if not len(table["length"]):
        return {}
    wanted = 4 * sum(FRAMES.values()) * int(table["length"].sum()) + sum(values.nbytes for values in table.values())
    if shutil.disk_usage(path.parent).free < wanted:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    with h5py.File(path, "w") as file:
        write_attributes(file, {"schema": SCHEMA, "version": VERSION})
        for key, (kind, _) in NUMBERS.items():
            file[key] = table[key].astype(kind)
        for key in TEXTS:
            text = np.char.encode(table[key].astype(str), "utf-8")
            file[key] = text.astype(h5py.string_dtype("utf-8", text.itemsize))
        _write_frames(file, fragments, int(table["length"].sum()))
    counts = pd.Series(table["length"]).groupby(table["subset"]).sum()
    return {str(subset): int(count) for subset, count in counts.items()}


def _table(fragments: Sequence[Fragment]) -> dict[str, np.ndarray]:
    """The columns with a row a motion."""
    keys = (*NUMBERS, *TEXTS)
    rows = [{key: columns[key] for key in keys} for columns in (fragment.columns() for fragment in fragments)]
    return {key: np.concatenate([row[key] for row in rows]) for key in keys}


def _write_frames(file: h5py.File, fragments: Sequence[Fragment], count: int) -> None:
    """Contiguously, so that they can be mapped into memory."""
    for key, size in FRAMES.items():
        file.create_dataset(key, (count, size), np.float32)
    place = 0
    for columns in (fragment.columns() for fragment in fragments):
        for key in FRAMES:
            file[key][place : place + len(columns[key])] = columns[key]
        place += len(columns["pose"])
