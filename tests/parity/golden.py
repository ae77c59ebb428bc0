"""Golden vectors of a system: the outputs of its published code, and the rules of its inputs and weights."""

import json
import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from hpe.types import Batch

FILL = runpy.run_path(str(Path(__file__).parents[1] / "golden" / "fill.py"))


@dataclass(frozen=True)
class Golden:
    """The vectors of one folder, and the rules by which their inputs and weights were made."""

    vectors: dict[str, Tensor]
    parameters: dict[str, dict[str, list[int]]]
    sizes: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> "Golden":
        with np.load(folder / "vectors.npz") as archive:
            vectors = {name: torch.from_numpy(np.asarray(archive[name])) for name in archive.files}
        return cls(vectors, *(json.loads((folder / f"{name}.json").read_text()) for name in ("params", "sizes")))

    def inputs(self, name: str, *shape: int) -> Tensor:
        return torch.from_numpy(FILL["inputs"](name, shape, self.sizes["salt"]))

    def weight(self, name: str, shape: list[int]) -> Tensor:
        return torch.from_numpy(np.asarray(FILL["tensor"](name, tuple(shape), self.sizes["salt"])))

    def count(self, name: str) -> int:
        return len(self.vectors[name])

    def check(self, name: str, value: Tensor, atol: float = 0.0, rtol: float = 0.0, of_max: float = 0.0) -> None:
        expected = self.vectors[name]
        atol += of_max * expected.abs().max().item()
        torch.testing.assert_close(value.detach(), expected, atol=atol, rtol=rtol, msg=lambda text: f"{name}: {text}")

    def forgotten(self, *known: str) -> list[str]:
        return [name for name in self.vectors if not name.startswith(known)]


def no_labels(count: int) -> Batch:
    """A batch of which nothing is known, for heads that only look at features."""
    return Batch(torch.zeros(count, 3, 1, 1), torch.arange(count), torch.ones(count, 3), torch.ones(count, 2))
