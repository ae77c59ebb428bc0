"""Tensors inside a pickle, as arrays: torch's own safe reader takes their numbers, and no code of the file runs."""

import io
import math
import pickle
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch


def _storage(data: bytes) -> np.ndarray:
    """The numbers of a tensor as they lie in memory. Raises ValueError, naming it, where `data` asks for a global."""
    try:
        stored = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        asked = re.search(r"GLOBAL (\S+)", str(error))
        raise ValueError(f"a tensor that asks for {asked[1] if asked else 'what is no number'}") from None
    with warnings.catch_warnings():  # of typed storages, which is how tensors are pickled all the same
        warnings.simplefilter("ignore", UserWarning)
        return torch.empty(0, dtype=stored.dtype).set_(stored.untyped()).numpy()


def _tensor(storage: np.ndarray, offset: int, shape: Sequence[int], strides: Sequence[int], *_: Any) -> np.ndarray:
    """An array out of a storage. Raises ValueError where it reaches beyond, or is larger."""
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    small = math.prod(shape) <= storage.size and last < storage.size
    if min((offset, *shape, *strides)) < 0 or not (small or 0 in shape):
        raise ValueError(f"a tensor of shape {tuple(shape)} in {storage.size} numbers")
    steps = [stride * storage.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(storage[offset:], tuple(shape), steps).copy()


def _parameter(data: np.ndarray, *_: Any) -> np.ndarray:
    return data


TENSORS: Mapping[str, Any] = {
    "torch.storage._load_from_bytes": _storage,
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
    "collections.OrderedDict": dict,
}
