"""The arrays of a batch that pictures are drawn into, person by person, so that nothing is put together afterwards."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float32, Int
from torch import Tensor
from torch.utils.data import get_worker_info


@dataclass(frozen=True)
class Canvas:
    """Normalised crops, part maps and what occluders cover of crops; None where they are not asked for."""

    image: Float32[np.ndarray, "people 3 side side"]
    parts: Int[np.ndarray, "people part_side part_side"] | None
    covered: Bool[np.ndarray, "people side side"] | None


def blank(people: int, side: int, part_side: int | None, occluded: bool) -> tuple[Tensor, Canvas]:
    """Arrays to be filled, and the images as the tensor whose memory they are.

    In a worker that memory is shared with the main process, so that it need not be copied there.
    """
    # NumPy asks for huge pages, which saves time when they are first written.
    image = torch.from_numpy(np.empty((people, 3, side, side), np.float32))
    if get_worker_info() is not None:
        image.share_memory_()
    parts = None if part_side is None else np.empty((people, part_side, part_side), np.int64)
    return image, Canvas(image.numpy(), parts, np.empty((people, side, side), dtype=bool) if occluded else None)
