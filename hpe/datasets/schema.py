"""The one schema of prepared data: which columns a store may have, their types and shapes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hpe.errors import UserError, did_you_mean

SCHEMA = "hpe-store"
VERSION = 1


@dataclass(frozen=True)
class Column:
    """One column: a value a person. "J" in `shape` is the number of joints; `needs` are columns that go with it."""

    kind: type
    shape: tuple[int | str, ...] = ()
    required: bool = False
    needs: tuple[str, ...] = ()


COLUMNS: dict[str, Column] = {
    "image": Column(str, required=True),  # path relative to the root of images
    "sequence": Column(str, required=True),
    "frame": Column(np.int32, required=True),
    "person": Column(np.int32, required=True),
    "box": Column(np.float32, (4,), required=True),  # x0, y0, width, height: tight, pixels of the full picture
    "image_size": Column(np.float32, (2,), required=True),  # width, height, pixels
    "joints2d": Column(np.float32, ("J", 2), needs=("confidence2d",)),  # pixels of the full picture
    "confidence2d": Column(np.float32, ("J",), needs=("joints2d",)),  # 0 to 1; 0 is no label
    "joints3d": Column(np.float32, ("J", 3), needs=("confidence3d",)),  # metres, camera frame
    "confidence3d": Column(np.float32, ("J",), needs=("joints3d",)),
    "visible": Column(np.bool_, ("J",), needs=("joints2d",)),
    "pose": Column(np.float32, (72,), needs=("betas", "has_smpl")),  # axis-angle, camera frame
    "betas": Column(np.float32, (10,), needs=("pose",)),
    "has_smpl": Column(np.bool_, needs=("pose",)),
    "gender": Column(np.int8),  # index into GENDERS
    "focal_length": Column(np.float32, needs=("principal_point",)),  # pixels
    "principal_point": Column(np.float32, (2,), needs=("focal_length",)),  # pixels
    "parts": Column(str),  # path of a part-label picture: 0 background, 1 + joint of smpl_24; "" is none
}

GENDERS = ("neutral", "male", "female")
# A column of this prefix marks the rows of a selection by name: select_campose_valid, select_adults.
SELECTION = "select_"


def column(name: str) -> Column:
    """What the column called `name` holds. Raises KeyError for an unknown one."""
    return Column(np.bool_) if name.startswith(SELECTION) else COLUMNS[name]


def check_names(names: set[str], where: str) -> None:
    """Raise UserError for an unknown, a missing or a lonely column; `where` is the file it is said of."""
    for name in sorted(name for name in names - COLUMNS.keys() if not name.startswith(SELECTION)):
        raise UserError(f"{where}: unknown column '{name}'; {did_you_mean(name, COLUMNS)}")
    for name, known in COLUMNS.items():
        if known.required and name not in names:
            raise UserError(f"{where}: column '{name}' is missing; write the store again with its reader")
        for other in known.needs if name in names else ():
            if other not in names:
                raise UserError(f"{where}: column '{name}' needs column '{other}', which is missing")


def check_shape(name: str, shape: tuple[int, ...], kind: str, rows: int, joints: int, where: str) -> None:
    """Raise UserError where a column's shape or kind of number (NumPy's letter) is not the schema's."""
    expected = column(name)
    wanted = (rows, *(joints if size == "J" else size for size in expected.shape))
    if shape != wanted:
        raise UserError(f"{where}: column '{name}' has shape {list(shape)}, expected {list(wanted)}")
    known = "OSU" if expected.kind is str else np.dtype(expected.kind).kind
    if kind not in known:
        raise UserError(f"{where}: column '{name}' holds NumPy kind '{kind}', expected {expected.kind.__name__}")


def check_values(columns: Mapping[str, np.ndarray], where: str, advice: str = "prepare the data again") -> None:
    """Raise UserError for a number that is not finite or a box without area, naming the first such row."""
    for name, values in columns.items():
        if values.dtype.kind != "f":
            continue
        good = (
            np.isfinite(values) & (values[:, 2:] > 0).all(-1, keepdims=True) if name == "box" else np.isfinite(values)
        )
        bad = ~good.all(axis=tuple(range(1, good.ndim)))
        if bad.any():
            reason = "not finite or without area" if name == "box" else "not finite"
            raise UserError(f"{where}: column '{name}', row {int(bad.argmax())}: {reason}; {advice}")
