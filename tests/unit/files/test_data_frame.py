"""Tables of today's pandas, and of the layout that pandas wrote before 1.3."""

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hpe.errors import UserError
from hpe.files.data_frame import read_data_frame

COLUMNS: dict[str, list[Any]] = {
    "imgPath": ["a.png", "b.png"],
    "camX": [0.5, 0.25],
    "X": [[1.0, 2.0], [3.0]],
    "camYaw": [10.0, 20.0],
    "gt_joints_3d": [[np.zeros((24, 3)), np.ones((24, 3))], [np.zeros((24, 3))]],
    "isValid": [[True, False], [True]],
}


def check(found: dict[str, np.ndarray]) -> None:
    assert list(found) == list(COLUMNS)
    for name in ("imgPath", "camX", "X", "camYaw", "isValid"):
        assert found[name].tolist() == COLUMNS[name]
    np.testing.assert_array_equal(found["gt_joints_3d"][0][1], np.ones((24, 3)))


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_table_comes_through(tmp_path: Path, protocol: int) -> None:
    path, table = tmp_path / "table.pkl", pd.DataFrame(COLUMNS).astype({"imgPath": object})
    table.columns = table.columns.astype(object)
    path.write_bytes(pickle.dumps(table, protocol))
    check(read_data_frame(path))


class Old:
    """Something of an older pandas; `made` is how it is pickled."""

    def __init__(self, *made: Any) -> None:
        self.made = made

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return self.made


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Any]:
    """Makes something that can be called and is pickled by the name of something in a module of pandas."""

    def make(module: str, name: str) -> Any:
        kind = type(name, (), {"__module__": module})
        home = sys.modules[module] if isinstance(sys.modules.get(module), Home) else Home(module)
        setattr(home, name, kind)
        monkeypatch.setitem(sys.modules, module, home)
        return kind

    return make


class Home(ModuleType):
    """In place of a module of pandas."""


def test_a_table_of_older_pandas_comes_through(tmp_path: Path, named: Callable[[str, str], Any]) -> None:
    frame = named("pandas.core.frame", "DataFrame")
    manager = named("pandas.core.internals.managers", "BlockManager")
    index, new_index = (named("pandas.core.indexes.base", name) for name in ("Index", "_new_Index"))
    labels = Old(new_index, (index, {"data": np.array(list(COLUMNS), dtype=object), "name": None}))
    rows = Old(new_index, (index, {"start": 0, "stop": 2, "step": 1, "name": None}))
    objects = np.empty((4, 2), dtype=object)
    for row, name in enumerate(("imgPath", "X", "gt_joints_3d", "isValid")):
        objects[row] = COLUMNS[name]
    numbers = np.array([COLUMNS["camX"], COLUMNS["camYaw"]])
    places = [slice(1, 4, 2), np.array([0, 2, 4, 5])]
    blocks = [{"values": values, "mgr_locs": at} for values, at in zip((numbers, objects), places, strict=True)]
    axes = [labels, rows]
    state = (axes, [numbers, objects], [None, None], {"0.14.1": {"axes": axes, "blocks": blocks}})
    inner = {"_data": Old(manager, (), state), "_typ": "dataframe", "_metadata": []}
    path = tmp_path / "table.pkl"
    path.write_bytes(pickle.dumps(Old(frame, (), inner), 4))
    check(read_data_frame(path))


class Shell:
    def __reduce__(self) -> Any:
        return os.system, ("touch victim",)


def test_code_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "evil.pkl"
    pd.DataFrame({"X": [Shell()]}).to_pickle(path)
    with pytest.raises(UserError, match=r"evil\.pkl asks for (posix|nt)\.system"):
        read_data_frame(path)
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize("content", [{"X": [1]}, [1], None])
def test_what_is_no_table_is_one_line(tmp_path: Path, content: object) -> None:
    path = tmp_path / "other.pkl"
    path.write_bytes(pickle.dumps(content))
    with pytest.raises(UserError, match=r"other\.pkl is no table of pandas") as caught:
        read_data_frame(path)
    assert "\n" not in str(caught.value)
