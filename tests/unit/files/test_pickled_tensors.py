import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from hpe.errors import UserError
from hpe.files.pickled_tensors import TENSORS
from hpe.files.safe_pickle import PLAIN, load


def read(path: Path, content: Any) -> Any:
    path.write_bytes(pickle.dumps(content))
    return load(path, {**PLAIN, **TENSORS})


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6.0).reshape(2, 3),
        torch.arange(6.0).reshape(2, 3).T,
        torch.arange(10, dtype=torch.float64)[3:7],
        torch.arange(3),
        torch.zeros(0, 3),
        torch.tensor(2.5),
        torch.nn.Parameter(torch.ones(3)),
    ],
    ids=str,
)
def test_tensors_come_through_as_arrays(tmp_path: Path, tensor: torch.Tensor) -> None:
    found = read(tmp_path / "fit.pkl", {"betas": tensor})["betas"]
    np.testing.assert_array_equal(found, tensor.detach().numpy())
    assert found.dtype == tensor.detach().numpy().dtype


class Reduced:
    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    def __reduce__(self) -> Any:
        return self.parts


REBUILD, STORAGE = torch.zeros(2).__reduce_ex__(2)[0], torch.zeros(2).__reduce_ex__(2)[1][0]


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [(1, (2,), (1,)), (0, (10**12,), (0,)), (0, (2,), (10**9,)), (-1, (1,), (1,)), (0, (2,), (-1,)), (0, (-1,), (1,))],
)
def test_a_tensor_beyond_its_numbers_is_refused(
    tmp_path: Path, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    evil = Reduced(REBUILD, (STORAGE, offset, shape, strides, False, {}))
    with pytest.raises(UserError, match="a tensor of shape"):
        read(tmp_path / "evil.pkl", evil)


def test_code_within_a_storage_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    load_from_bytes = STORAGE.__reduce__()[0]
    evil = Reduced(load_from_bytes, (pickle.dumps(Reduced(os.system, ("touch victim",)), 2),))
    with pytest.raises(UserError, match=r"evil\.pkl .*a tensor that asks for (posix|nt)\.system") as caught:
        read(tmp_path / "evil.pkl", evil)
    assert not (tmp_path / "victim").exists()
    assert "\n" not in str(caught.value)
