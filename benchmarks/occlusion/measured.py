"""How much of a person layers hide, and which part of the body most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from benchmarks.occlusion.occluders import OPAQUE, Layer, Points
from hpe.datasets.occlusion import occlusion, silhouette_occlusion
from hpe.datasets.part_maps import UNKNOWN_PART
from hpe.joints import joint_set
from hpe.types import Batch

ARM, LEG = ("shoulder", "elbow", "wrist", "hand"), ("hip", "knee", "ankle", "foot")
TORSO = ("pelvis", "spine1", "spine2", "spine3", "left_collar", "right_collar")
REGIONS: dict[str, tuple[str, ...]] = {
    "head": ("neck", "head"),
    "torso": TORSO,
    **{f"{side}_arm": tuple(f"{side}_{part}" for part in ARM) for side in ("left", "right")},
    **{f"{side}_leg": tuple(f"{side}_{part}" for part in LEG) for side in ("left", "right")},
}
NOWHERE = "nowhere"


@dataclass(frozen=True)
class Person:
    """One person in a crop of `SIDE` pixels: a batch of one with its labels and, where there are any, part maps."""

    seen: Batch

    @property
    def points(self) -> Points:
        """The labelled joints that lie in the crop, in shares of its side; where there are none, its middle parts."""
        if self.seen.joints2d is not None and self.seen.confidence2d is not None:
            places = (self.seen.joints2d[0].numpy() + 1) / 2
            known = (self.seen.confidence2d[0].numpy() > 0) & ((places > 0) & (places < 1)).all(-1)
            if known.any():
                return places[known].astype(float)
        return np.stack(np.meshgrid(*[np.linspace(0.2, 0.8, 5)] * 2), axis=-1).reshape(-1, 2)

    def hidden(self, layers: Sequence[Layer]) -> pd.DataFrame:
        """A row a layer: `occlusion` of the person, `covered_REGION` of each region, and the `position` in words.

        Shares of the person's pixels in part maps, else of the hull of joints and of discs around joints (see
        `hpe.datasets.occlusion`); NaN where nothing of it is in the crop. The position is the region, of either side,
        of which the largest share is covered.
        """
        covered = np.stack([layer[..., 3] > OPAQUE for layer in layers])
        fields = {
            name: values.expand(len(layers), *values.shape[1:])
            for name in ("joints2d", "confidence2d")
            if (values := getattr(self.seen, name)) is not None
        }
        parts = None if self.seen.parts is None else np.repeat(self.seen.parts.numpy(), len(layers), axis=0)
        found = {name: values.numpy() for name, values in occlusion(fields, parts, covered).items()}
        whole = found.get("person_occlusion", np.full(len(layers), np.nan))
        regions = self._regions(parts, covered, found.get("joint_occlusion"))
        named = {f"covered_{name}": share for name, share in regions.items()}
        return pd.DataFrame({"occlusion": whole, "position": _positions(regions), **named})

    def _regions(
        self,
        parts: np.ndarray | None,
        covered: Bool[np.ndarray, "layers side side"],
        discs: Float[np.ndarray, "layers joints"] | None,
    ) -> dict[str, np.ndarray]:
        """The covered share of each region."""
        if parts is not None and (parts != UNKNOWN_PART).any():
            joints = {name: 1 + np.array(joint_set("smpl_24").index(*REGIONS[name])) for name in REGIONS}
            return {
                name: silhouette_occlusion(np.isin(parts, own).astype(int), covered) for name, own in joints.items()
            }
        if discs is None:
            return {name: np.full(len(covered), np.nan) for name in REGIONS}
        names = joint_set(self.seen.joint_set).names
        return {
            region: _known_mean(discs[:, [names.index(joint) for joint in joints if joint in names]])
            for region, joints in REGIONS.items()
        }


def _positions(regions: dict[str, np.ndarray]) -> list[str]:
    """The region, without its side, of which the largest share is covered."""
    shares = np.nan_to_num(np.stack(list(regions.values()), axis=1))
    words = [name.rpartition("_")[2] for name in regions]
    return [words[place] if row[place] > 0 else NOWHERE for row, place in zip(shares, shares.argmax(1), strict=True)]


def _known_mean(values: Float[np.ndarray, "layers joints"]) -> Float[np.ndarray, " layers"]:
    """Mean over the joints that are known; NaN where there are none."""
    known = np.isfinite(values)
    total = np.where(known, values, 0).sum(1)
    return np.divide(total, known.sum(1), out=np.full(len(values), np.nan), where=known.any(1))
