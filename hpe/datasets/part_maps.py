"""Part maps: which body part each pixel of a crop shows, 0 for background and 1 + joint of smpl_24 for a part."""

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from hpe.datasets.geometric import View
from hpe.datasets.images import read_labels
from hpe.datasets.store import Store
from hpe.joints import joint_set

UNKNOWN_PART = -1
_mirror = np.array([0, *(1 + joint for joint in joint_set("smpl_24").flip)])


def part_map(
    store: Store, row: int, view: View, covered: Bool[np.ndarray, "side side"], resolution: int
) -> Int[Tensor, "resolution resolution"]:
    """What the store's part picture says in this view; pixels under a pasted occluder are background.

    All UNKNOWN_PART where the row has no part picture. Raises UnreadableImage.
    """
    name = str(store["parts"][row]) if "parts" in store else ""
    if not name:
        return torch.full((resolution, resolution), UNKNOWN_PART)
    parts = view.warp(read_labels(store.image_root / name), resolution, nearest=True)
    nearest = ((np.arange(resolution) + 0.5) * len(covered) / resolution).astype(int)
    parts[covered[np.ix_(nearest, nearest)]] = 0
    return torch.from_numpy((_mirror[parts] if view.flip else parts).astype(np.int64))
