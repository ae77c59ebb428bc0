"""anny's blend shapes read a file at a time: the same numbers as line by line, in seconds instead of minutes."""

import contextlib
import gzip
from collections.abc import Iterator
from typing import Any
from unittest import mock

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor


@contextlib.contextmanager
def whole_files() -> Iterator[None]:
    """While this holds, anny reads its targets through `read_target`; an anny without that seam reads its own way."""
    from anny.models import full_model

    seam = "load_blend_shape"
    with mock.patch.object(full_model, seam, read_target) if hasattr(full_model, seam) else contextlib.nullcontext():
        yield


def read_target(
    filename: str, vertices_count: int, world_transformation: Any, dtype: torch.dtype
) -> Float[Tensor, "vertices 3"]:
    """Offsets of a MakeHuman target, one `vertex x y z` a line, in anny's frame; vertices it does not name stay put."""
    with gzip.open(filename, "rt") as archive:
        rows = torch.from_numpy(np.fromstring(archive.read(), sep=" ").reshape(-1, 4))
    offsets = torch.zeros(vertices_count, 3, dtype=dtype)
    offsets[rows[:, 0].long()] = rows[:, 1:].to(dtype)
    return world_transformation.apply(offsets)
