"""Limbs of other people as occluders."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe.datasets.part_cutouts import PartCutouts

ARM, LEG = ("shoulder", "elbow", "wrist", "hand"), ("hip", "knee", "ankle", "foot")
LIMBS = [
    [f"{side}_{part}" for part in limb[first:]] for limb in (ARM, LEG) for first in (0, 1) for side in ("left", "right")
]


@dataclass(frozen=True)
class LimbCutouts(PartCutouts):
    """Whole and lower arms and legs."""

    what = "limb"

    def joints(self, generator: np.random.Generator) -> Sequence[str]:
        """Those of one limb."""
        return LIMBS[generator.integers(len(LIMBS))]
