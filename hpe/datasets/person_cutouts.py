"""Other people as occluders."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe.datasets.part_cutouts import PartCutouts
from hpe.datasets.store import Store
from hpe.joints import joint_set


@dataclass(frozen=True)
class PersonCutouts(PartCutouts):
    """Whole people, of whom at least the share `least_seen` of the labelled joints is visible where that is known."""

    least_seen: float = 0.75
    what = "person"

    def joints(self, generator: np.random.Generator) -> Sequence[str]:
        """All of them."""
        return joint_set("smpl_24").names

    def fits(self, store: Store, row: int) -> bool:
        """Whether enough of the person is seen."""
        if "visible" not in store:
            return True
        labelled = store["confidence2d"][row] > 0
        return bool(store["visible"][row][labelled].mean() >= self.least_seen) if labelled.any() else False
