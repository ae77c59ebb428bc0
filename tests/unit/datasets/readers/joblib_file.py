"""Files as joblib 0.x writes them without compression, which the suite does not need: for tests of VIBE's databases."""

import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest


class NumpyArrayWrapper:
    """What joblib pickles in an array's place, before its raw bytes."""

    def __init__(self, array: np.ndarray) -> None:
        self.subclass, self.shape, self.order = np.ndarray, array.shape, "C"
        self.dtype, self.allow_mmap = array.dtype, True


NumpyArrayWrapper.__module__ = "joblib.numpy_pickle"


class _Pickler(pickle._Pickler):  # type: ignore[misc,name-defined]
    def __init__(self, file: Any) -> None:
        super().__init__(file, protocol=3)
        self.file = file

    def save(self, value: Any, *more: Any) -> None:
        if type(value) is not np.ndarray:
            super().save(value, *more)
            return
        super().save(NumpyArrayWrapper(value))
        self.file.write(value.tobytes())


def dump(path: Path, content: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write `content`, which contains no array of objects."""
    module = ModuleType("joblib.numpy_pickle")
    module.NumpyArrayWrapper = NumpyArrayWrapper  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "joblib", ModuleType("joblib"))
    monkeypatch.setitem(sys.modules, "joblib.numpy_pickle", module)
    with path.open("wb") as file:
        _Pickler(file).dump(content)
