"""Which kind of file is in hand, and what it says."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from hpe.errors import UserError
from hpe.exchange.foreign import Foreign
from hpe.exchange.plain import foreign
from hpe.exchange.tracks import foreign_tracks, is_tracks
from hpe.files.archive import open_npz
from hpe.files.joblib_pickle import read_pickle


def read_foreign(path: Path, sequence: str | None = None, joints: str | None = None, unit: str = "m") -> Foreign:
    """What `path` says: arrays by name in .npz or a pickle, or the tracks of a video.

    A video's `sequence` is that of its folder unless given. A file of one picture that names nothing but boxes (PARE's
    folder mode) is named after its picture. `joints` and `unit` are as in `plain.foreign`. Raises UserError for
    anything else.
    """
    if not path.is_file():
        raise UserError(f"no file {path} to import")
    try:
        said = _read(path, sequence, joints, unit)
    except (ValueError, TypeError, OSError, EOFError, MemoryError) as error:
        raise UserError(f"{path} cannot be read as arrays of predictions ({error}); write it again") from error
    if sequence is not None:
        return replace(said, names={**said.names, "sequence": np.full(len(said), sequence)})
    if said.names.keys() == {"box"}:
        return replace(said, names={**said.names, "image": np.full(len(said), path.stem)})
    return said


def _read(path: Path, sequence: str | None, joints: str | None, unit: str) -> Foreign:
    if path.suffix == ".npz":
        with open_npz(path) as stored:
            return foreign(path, stored, joints, unit)
    data = read_pickle(path)
    if is_tracks(data):
        return foreign_tracks(path, data, sequence or path.resolve().parent.name, joints, unit)
    if not isinstance(data, Mapping):
        raise UserError(f"{path} holds a {type(data).__name__}, not arrays by name or tracks by number")
    return foreign(path, data, joints, unit)
