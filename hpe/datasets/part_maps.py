"""Part maps: which body part each pixel of a crop shows, 0 for background and 1 + joint of smpl_24 for a part."""

import numpy as np
from jaxtyping import Bool, Int

from hpe.datasets.cropping import crop_labels
from hpe.datasets.geometric import View
from hpe.datasets.images import decode_labels
from hpe.datasets.store import Store
from hpe.joints import joint_set

UNKNOWN_PART = -1
# A picture's own labels: what is beyond the parts marks a part of the body that something hides, so background here.
_kept = np.arange(256) * (np.arange(256) <= len(joint_set("smpl_24")))
_mirror = np.pad(
    np.array([0, *(1 + joint for joint in joint_set("smpl_24").flip)]), (0, 255 - len(joint_set("smpl_24")))
)


def part_map(store: Store, row: int, view: View, resolution: int) -> Int[np.ndarray, "resolution resolution"]:
    """What the store's part picture says in the view of one person; pixels that show something else are background.

    All UNKNOWN_PART where the row has no part picture. Raises UnreadableImage.
    """
    name = str(store["parts"][row]) if "parts" in store else ""
    if not name:
        return np.full((resolution, resolution), UNKNOWN_PART)
    parts = crop_labels(decode_labels(*store.picture(name)), view, resolution)
    return (_mirror if view.flip else _kept)[parts]


def seen_at(
    covered: Bool[np.ndarray, "people side side"], resolution: int
) -> Bool[np.ndarray, "people resolution resolution"]:
    """A mask of crops at the resolution of part maps: each of their pixels is the nearest."""
    nearest = ((np.arange(resolution) + 0.5) * covered.shape[-1] / resolution).astype(int)
    return np.asarray(covered[:, nearest[:, None], nearest])
