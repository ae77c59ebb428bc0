"""What somebody else's file says about people, before anybody knows which people of our data these are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hpe.errors import UserError


@dataclass(frozen=True, eq=False)
class Foreign:
    """A row a prediction, all arrays of the same length.

    `columns` are columns of a prediction store (pose, betas, camera, crop, transl, joints3d). `names` tell whom they
    are of, as far as the file says: image (text), sequence (text), frame, person, box (x0, y0, width, height: pixels).
    `left_out` are keys of the file that a prediction store has no column for.
    """

    path: Path
    columns: Mapping[str, np.ndarray]
    names: Mapping[str, np.ndarray]
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lengths = {name: len(values) for name, values in {**self.columns, **self.names}.items()}
        if not {"pose", "joints3d"} & self.columns.keys():
            raise UserError(
                f"{self.path}: no rotations and no joints; its keys are {', '.join(self.left_out) or 'none'}"
            )
        if len(set(lengths.values())) > 1:
            said = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise UserError(f"{self.path}: arrays of different lengths ({said}); a row is a person in all of them")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def label(self, row: int) -> str:
        """Whom a row is of, in words."""
        return " ".join(f"{key} {self.names[key][row]}" for key in self.names if key != "box") or f"row {row}"


def joined(parts: Sequence[Foreign]) -> Foreign:
    """Several files as one. Raises UserError where they do not say the same kinds of things."""
    first = parts[0]
    for part in parts[1:]:
        if other := (part.columns.keys() ^ first.columns.keys()) | (part.names.keys() ^ first.names.keys()):
            raise UserError(f"'{min(other)}' is in only one of {first.path} and {part.path}; import them one by one")
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in first.columns}
    names = {name: np.concatenate([part.names[name] for part in parts]) for name in first.names}
    return Foreign(first.path, columns, names, tuple(dict.fromkeys(key for part in parts for key in part.left_out)))
