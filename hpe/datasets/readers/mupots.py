"""MuPoTS-3D (Mehta et al., 3DV 2018): two or three people in each of 20 test sequences, with who hides whom.

Labels come twice, as those of MPI-INF-3DHP: `annot3` as measured, `univ_annot3` of a skeleton scaled to one height. The
camera is not in the files: it is fitted to `annot3` and `annot2`, which are its exact projections.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from hpe.datasets.readers.mpi_inf import LABELS
from hpe.datasets.readers.projection import check_projection
from hpe.datasets.readers.reader import Columns, FilesMissing, Part, Reader
from hpe.datasets.readers.rows import has_area, take
from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.files.limits import AGAIN
from hpe.files.matlab import read_matlab
from hpe.geometry.boxes import tight_boxes
from hpe.geometry.intrinsics import fit_intrinsics

Array = np.ndarray


@dataclass(frozen=True)
class MuPoTS(Reader):
    """`MultiPersonTestSet/TS*/{annot,occlusion}.mat`; a part is a sequence, its rows one person after another.

    The box is around all 17 joints, hidden ones included. Joints of a person who is not valid in a frame have
    confidence 0; without a box he is left out. Selection: `valid`. `frame` counts from 0, as pictures do.
    """

    # The authors' pictures are 8,370; recalled, and not of people.
    splits: ClassVar = ("test",)
    joint_set: ClassVar = "mupots_17"
    labels: str = "univ_annot3"

    def __post_init__(self) -> None:
        if self.labels not in LABELS:
            raise UserError(f"labels '{self.labels}' are none of {', '.join(LABELS)}")

    def parts(self, split: str) -> Sequence[Part]:
        """The sequences by name. Raises UserError naming a file that is missing."""
        files = [(file, file.with_name("occlusion.mat")) for file in self.find("MultiPersonTestSet/TS*/annot.mat")]
        if lacking := [pair[1] for pair in files if not pair[1].is_file()]:
            raise FilesMissing(f"no file {lacking[0]}: unpack the official files there")
        return [Part(pair[0].parent.name, pair) for pair in files]

    def read(self, split: str, part: Part) -> Columns:
        """The people of a sequence."""
        cells, hidden = _cells(part.files[0], "annotations"), _cells(part.files[1], "occlusion_labels")
        if hidden.shape != cells.shape:
            shapes = f"{hidden.shape} labels of frames x people, annot.mat {cells.shape}"
            raise UserError(f"{part.files[1]} has {shapes}; fetch both again")
        pixels, measured, joints = (_field(part.files[0], cells, name, axes) for name, axes in self._fields)
        valid = _field(part.files[0], cells, "isValidFrame")[..., 0, 0] > 0
        hidden = np.stack([_stacked(part.files[1], list(column), 17, 1) for column in hidden.T])[..., 0] > 0
        intrinsics = fit_intrinsics(measured[valid].reshape(-1, 3), pixels[valid].reshape(-1, 2))
        check_projection(measured[valid], pixels[valid], intrinsics, str(part.files[0]))
        person, frame = (places.ravel() for places in np.indices(valid.shape))
        known = np.tile(valid.ravel()[:, None], 17)
        points = pixels.reshape(-1, 17, 2)
        columns = {
            "image": np.array([f"MultiPersonTestSet/{part.name}/img_{number:06d}.jpg" for number in frame]),
            "sequence": np.full(len(frame), part.name),
            "frame": frame,
            "person": person,
            "box": tight_boxes(points, np.ones_like(known)),
            **{"joints2d": points, "confidence2d": known, "visible": known & ~hidden.reshape(-1, 17)},
            **{"joints3d": joints.reshape(-1, 17, 3), "confidence3d": known},
            "focal_length": np.full(len(frame), intrinsics.diagonal()[:2].mean()),
            "principal_point": np.tile(intrinsics[:2, 2], (len(frame), 1)),
            "select_valid": valid.ravel(),
        }
        return take(columns, has_area(columns["box"]))

    @property
    def _fields(self) -> tuple[tuple[str, int], ...]:
        return ("annot2", 2), ("annot3", 3), (self.labels, 3)


def _cells(path: Path, name: str) -> Array:
    """A cell or struct array of frames x people."""
    found = Entries(path, read_matlab(path))[name]
    if not isinstance(found, np.ndarray) or found.dtype != object or found.ndim > 2 or not found.size:
        raise UserError(f"{path}: '{name}' is no cell array of frames x people; {AGAIN}")
    return found.reshape(len(found), -1)


def _field(path: Path, cells: Array, name: str, axes: int = 1) -> Float[Array, "people frames joints axes"]:
    """What everybody has in a field: points in pixels or metres, or one number."""
    lacking = [place for place, cell in np.ndenumerate(cells) if not hasattr(cell, name)]
    if lacking:
        raise UserError(f"{path}: person {lacking[0][1] + 1} in frame {lacking[0][0] + 1} has no '{name}'; {AGAIN}")
    joints, unit = (17 if axes > 1 else 1), (1000 if axes == 3 else 1)
    columns = [[getattr(cell, name) for cell in column] for column in cells.T]
    return np.stack([_stacked(path, column, joints, axes) for column in columns]) / unit


def _stacked(path: Path, values: list[Any], joints: int, axes: int) -> Float[Array, "frames joints axes"]:
    """Arrays of axes x joints, or of one axis, of one person in all frames."""
    found = [np.ravel(value) for value in values]
    if any(one.dtype.kind not in "biuf" or one.size != joints * axes or not np.isfinite(one).all() for one in found):
        raise UserError(f"{path}: labels that are not {axes} x {joints} finite numbers; {AGAIN}")
    return np.stack(found).reshape(len(found), axes, joints).swapaxes(1, 2).astype(np.float64)
