"""Sequence, frame and person out of the names of pictures, for files that say nothing else of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Int, Shaped

from hpe.datasets.readers.reader import Columns
from hpe.errors import UserError, did_you_mean
from hpe.files.entries import Entries

# Nine digits at the end of a picture's name are its frame: more would not fit into the column.
FRAME = r"(\d{1,9})\.\w+$"
# A sequence is a folder of pictures, what names have in common but their number, or each picture.
SEQUENCES = {"folder": r"([^/]+)/[^/]+$", "stem": r"([^/]+?)[._-]?\d*\.\w+$", "picture": r"([^/]+)\.\w+$"}


@dataclass(frozen=True)
class Named:
    """How to read the names: see `exchanged.Exchanged`."""

    images: str
    cut: str
    sequence: str


def named_people(file: Entries, key: str, how: Named) -> Columns:
    """The columns image, sequence, frame and person by the names in an entry.

    The frame is the number at the end of a name, 0 where there is none. Raises UserError for names that lead out of
    the folder of pictures, or that have no such sequence.
    """
    if how.sequence not in SEQUENCES:
        raise UserError(f"sequence={how.sequence} of {file.path}; {did_you_mean(how.sequence, SEQUENCES)}")
    names = pd.Series(pictures(file, key, how), dtype=str)
    found = names.str.extract(SEQUENCES[how.sequence], expand=False)
    if found.isna().any():
        name = names[found.isna().argmax()]
        raise UserError(f"{file.path}: '{key}' {name!r} names no {how.sequence}; give another sequence=")
    sequence = found.to_numpy(dtype=str)
    frame = names.str.extract(FRAME, expand=False).fillna("0").astype(np.int64).to_numpy()
    return {
        "image": image_paths(names.to_numpy(dtype=str), how),
        "sequence": sequence,
        "frame": frame,
        "person": people_of(sequence, frame),
    }


def image_paths(names: Shaped[np.ndarray, " people"], how: Named) -> Shaped[np.ndarray, " people"]:
    """Names from the data set's folder on."""
    return np.char.add(f"{how.images.rstrip('/')}/" if how.images else "", names)


def pictures(file: Entries, key: str, how: Named) -> Shaped[np.ndarray, " people"]:
    """The names from the folder `cut` on, parts joined by "/". Raises UserError for those that lead elsewhere."""
    names = pd.Series(texts(file, key), dtype=str).str.replace("\\", "/", regex=False)
    if how.cut:
        places = ("/" + names).str.find(f"/{how.cut}/")
        if (places < 0).any():
            name = names[(places < 0).argmax()]
            raise UserError(f"{file.path}: '{key}' {name!r} has no folder {how.cut!r}; give another cut=")
        names = pd.Series([name[place:] for name, place in zip(names, places, strict=True)], dtype=str)
    outside = names.str.contains(r"^/|^\w:|(?:^|/)\.\.(?:/|$)")
    if outside.any():
        advice = "give cut=FOLDER, the part from which on they are kept"
        raise UserError(f"{file.path}: '{key}' {names[outside.argmax()]!r} is outside the data set's folder; {advice}")
    return names.to_numpy(dtype=str)


def texts(file: Entries, key: str, count: int | None = None) -> Shaped[np.ndarray, " people"]:
    """An entry that is a list of text or of bytes. Raises UserError for anything else and another length."""
    values = file[key]
    if isinstance(values, np.ndarray) and values.dtype.kind in "OSU":
        values = values.reshape(-1).tolist()
    if not isinstance(values, list | tuple) or not all(isinstance(value, str | bytes) for value in values):
        raise file.fault(key, "is no list of text")
    if not values or count not in (None, len(values)):
        raise file.fault(key, f"has {len(values)} entries, expected {count or 'one a person'}")
    return np.array([value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values])


def people_of(sequence: Shaped[np.ndarray, " people"], frame: Int[np.ndarray, " people"]) -> Int[np.ndarray, " people"]:
    """Numbers that tell apart the people of a frame, in the order of the file.

    Where the rows of a sequence are tracks one after another, as SPIN's scripts write them, a track is a person even
    where another is not in the picture; else the people of a frame are counted.
    """
    table = pd.DataFrame({"sequence": sequence, "frame": frame})
    counted = table.groupby(["sequence", "frame"]).cumcount()
    begun = (table.groupby("sequence")["frame"].diff() <= 0).astype(np.int64)
    track = begun.groupby(table["sequence"]).cumsum()
    most = pd.DataFrame({"track": track, "counted": counted}).groupby(table["sequence"]).transform("max")
    return np.where(most["track"] == most["counted"], track, counted).astype(np.int64)
