"""Tables that pandas pickled, read without pandas' own unpickling: no code of the file runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe.errors import UserError, reason_of
from hpe.files.safe_pickle import BROKEN, PLAIN, Inert, load


class _Index:
    """Stands for the names of columns or rows."""

    def __init__(self, kind: type, data: Mapping[str, Any]) -> None:
        self.labels = data.get("data")


class _Manager:
    """Stands for what holds a table's blocks: all columns of one type are rows of one array.

    pandas from 1.3 on makes it of its blocks, each (values, places of its columns); before, it gave it a state.
    """

    def __init__(self, blocks: Any = (), axes: Any = ()) -> None:
        self.blocks, self.axes = blocks, axes

    def __setstate__(self, state: Any) -> None:
        last = state[3]["0.14.1"]
        self.axes = last["axes"]
        self.blocks = [(block["values"], block["mgr_locs"]) for block in last["blocks"]]


class _Frame(Inert):
    """Stands for a DataFrame."""


def _block(values: Any, places: Any, *_: Any) -> tuple[Any, Any]:
    return values, places


ALLOWED: Mapping[str, Any] = {
    **PLAIN,
    **dict.fromkeys(("pandas.DataFrame", "pandas.core.frame.DataFrame"), _Frame),
    **dict.fromkeys(("pandas.core.internals.managers.BlockManager", "pandas.core.internals.BlockManager"), _Manager),
    "pandas._libs.internals._unpickle_block": _block,
    "pandas.core.indexes.base._new_Index": _Index,
    **dict.fromkeys(("pandas.Index", "pandas.core.indexes.base.Index"), object),
    **dict.fromkeys(("pandas.core.indexes.numeric.Int64Index", "pandas.RangeIndex"), object),
    "pandas.core.indexes.range.RangeIndex": object,
    **dict.fromkeys(("builtins.slice", "__builtin__.slice"), slice),
}


def read_data_frame(path: Path, allowed: Mapping[str, Any] = ALLOWED) -> dict[str, np.ndarray]:
    """The columns of a pickled DataFrame by name: numbers, or an array of objects such as text and lists.

    Raises UserError for a missing file, one that names a global outside the allow list, and one that is no table.
    """
    frame = load(path, allowed)
    try:
        manager = frame.state.get("_mgr", frame.state.get("_data"))
        names = [str(name) for name in manager.axes[0].labels]
        columns = _columns(manager.blocks, names)
        return {name: columns[name] for name in names}
    except BROKEN as error:
        raise UserError(
            f"{path} is no table of pandas that can be read ({reason_of(error)}); fetch it again"
        ) from error


def _columns(blocks: Any, names: list[str]) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for values, places in blocks:
        chosen = list(range(len(names)))[places] if isinstance(places, slice) else np.asarray(places).tolist()
        found |= {names[place]: np.asarray(row) for place, row in zip(chosen, values, strict=True)}
    return found
