"""Parts of other people, cut out by the part pictures of the stores that are trained on."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpe.datasets.cutouts import Cutout, Cutouts, cut_out
from hpe.datasets.images import UnreadableImage, decode_image, decode_labels
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.joints import joint_set


@dataclass(frozen=True)
class PartCutouts(Cutouts):
    """Of each person some parts, as `joints` says; `count` cut-outs, each at least `least_area` pixels.

    Stores without part pictures are passed over, and so are pictures that cannot be read.
    """

    count: int = 500
    least_area: int = 100
    what: ClassVar[str]

    @abstractmethod
    def joints(self, generator: np.random.Generator) -> Sequence[str]:
        """The joints of smpl_24 whose parts are cut out of a person, in one piece."""

    def fits(self, store: Store, row: int) -> bool:
        """Whether anything is cut out of this person."""
        return True

    def load(self, stores: Sequence[Store]) -> list[Cutout]:
        """Cut-outs of random people, the same in every run. Raises UserError where no store has part pictures."""
        known = [(store, np.flatnonzero(store["parts"] != "").tolist()) for store in stores if "parts" in store]
        people = [(store, row) for store, rows in known for row in rows]
        if not people:
            raise UserError(
                f"no training data have part pictures, so no {self.what} can be cut out: choose other occluders"
            )
        found: list[Cutout] = []
        for number in np.random.default_rng(0).permutation(len(people)).tolist():
            store, row = people[number]
            found += self._of(store, row, number) if self.fits(store, row) else ()
            if len(found) >= self.count:
                return found[: self.count]
        if not found:
            raise UserError(
                f"no {self.what} in the part pictures fills {self.least_area} pixels: choose other occluders"
            )
        return found

    def _of(self, store: Store, row: int, seed: int) -> Iterator[Cutout]:
        """The parts of a person, if they are seen and large enough."""
        joints = joint_set("smpl_24").index(*self.joints(np.random.default_rng(seed)))
        try:
            parts = decode_labels(*store.picture(str(store["parts"][row])))
            picture = decode_image(*store.picture(str(store["image"][row])))
        except UnreadableImage:
            return  # whoever reads it as a sample names and counts it
        mask = np.isin(parts, 1 + np.array(joints))
        if mask.shape == picture.shape[:2] and mask.sum() >= self.least_area:
            yield cut_out(picture[..., :3], mask)
