"""Limbs of other people, cut out by the part pictures of the stores that are trained on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hpe.datasets.cutouts import Cutout, Cutouts, cut_out
from hpe.datasets.images import UnreadableImage, decode_image, decode_labels
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.joints import joint_set

ARM, LEG = ("shoulder", "elbow", "wrist", "hand"), ("hip", "knee", "ankle", "foot")
LIMBS = [
    [f"{side}_{part}" for part in limb[first:]] for limb in (ARM, LEG) for first in (0, 1) for side in ("left", "right")
]


@dataclass(frozen=True)
class LimbCutouts(Cutouts):
    """Whole and lower arms and legs, `count` of them, each at least `least_area` pixels.

    Stores without part pictures are passed over, and so are pictures that cannot be read.
    """

    count: int = 500
    least_area: int = 100

    def load(self, stores: Sequence[Store]) -> list[Cutout]:
        """Cut-outs of random people, the same in every run. Raises UserError where no store has part pictures."""
        known = [(store, np.flatnonzero(store["parts"] != "").tolist()) for store in stores if "parts" in store]
        people = [(store, row) for store, rows in known for row in rows]
        if not people:
            raise UserError("no training data have part pictures, so limbs cannot be cut out: choose other occluders")
        found: list[Cutout] = []
        for number in np.random.default_rng(0).permutation(len(people)).tolist():
            store, row = people[number]
            found += self._of(store, row, number)
            if len(found) >= self.count:
                return found[: self.count]
        if not found:
            raise UserError(f"no limb in the part pictures fills {self.least_area} pixels: choose other occluders")
        return found

    def _of(self, store: Store, row: int, seed: int) -> Iterator[Cutout]:
        """One limb of a person, if it is seen and large enough."""
        joints = joint_set("smpl_24").index(*LIMBS[np.random.default_rng(seed).integers(len(LIMBS))])
        try:
            parts = decode_labels(*store.picture(str(store["parts"][row])))
            picture = decode_image(*store.picture(str(store["image"][row])))
        except UnreadableImage:
            return
        mask = np.isin(parts, 1 + np.array(joints))
        if mask.shape == picture.shape[:2] and mask.sum() >= self.least_area:
            yield cut_out(picture[..., :3], mask)
