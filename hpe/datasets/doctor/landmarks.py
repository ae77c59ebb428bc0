"""Points of the body by name, whichever joint set a store has: hips, knees, shoulders and so on."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from hpe.datasets.store import Store
from hpe.joints import joint_set

# What joint sets call a point, the first that a set has; Human3.6M's 32 joints name segments by their upper end.
NAMES = {
    "hip": ("hip", "op_hip", "upleg"),
    "knee": ("knee", "op_knee", "leg"),
    "ankle": ("ankle", "op_ankle", "foot"),
    "toe": ("bigtoe", "op_bigtoe", "toe", "toebase", "foot"),
    "shoulder": ("shoulder", "op_shoulder", "arm"),
    "elbow": ("elbow", "op_elbow", "forearm"),
    "wrist": ("wrist", "op_wrist", "hand"),
    "ear": ("ear", "op_ear"),
}
SIDES = ("left", "right")


@dataclass(frozen=True)
class Landmarks:
    """Labelled joints of all people, looked up by name; NaN where a joint has no label or the set has no such one."""

    names: tuple[str, ...]
    joints: Float[np.ndarray, "people joints axes"]

    @classmethod
    def of(cls, store: Store, column: str) -> "Landmarks":
        """Of `joints3d` in metres or `joints2d` in pixels."""
        confidence = store[column.replace("joints", "confidence")]
        joints = np.where((confidence > 0)[..., None], store[column], np.float32(np.nan))
        return cls(joint_set(store.joint_set).names, joints)

    def has(self, point: str) -> bool:
        """Whether the joint set has the point on both sides."""
        return None not in self.places(point)

    def places(self, point: str) -> tuple[int | None, int | None]:
        """Which joints the left and the right one are; None where the set has no such."""
        left, right = (self._index(point, side) for side in SIDES)
        return left, right

    def pair(self, point: str) -> tuple[Float[np.ndarray, "people axes"], Float[np.ndarray, "people axes"]]:
        """The left and the right one."""
        return self._point(point, "left"), self._point(point, "right")

    def middle(self, point: str) -> Float[np.ndarray, "people axes"]:
        """Half-way between the left and the right one."""
        left, right = self.pair(point)
        return (left + right) / 2

    def across(self, point: str) -> Float[np.ndarray, "people axes"]:
        """From the right one to the left one."""
        left, right = self.pair(point)
        return left - right

    def torso(self) -> Float[np.ndarray, "people axes"]:
        """From the middle of the hips to that of the shoulders."""
        return self.middle("shoulder") - self.middle("hip")

    def _point(self, point: str, side: str) -> np.ndarray:
        index = self._index(point, side)
        return np.full_like(self.joints[:, 0], np.nan) if index is None else self.joints[:, index]

    def _index(self, point: str, side: str) -> int | None:
        known = (f"{side}_{name}" for name in NAMES[point])
        return next((self.names.index(name) for name in known if name in self.names), None)


def cosine(
    first: Float[np.ndarray, "people axes"], second: Float[np.ndarray, "people axes"]
) -> Float[np.ndarray, " people"]:
    """Of the angle between two vectors a person; NaN where one is undefined or zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        lengths = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
        return np.einsum("pa,pa->p", first, second) / np.where(lengths > 0, lengths, np.nan)


def middle_value(values: Float[np.ndarray, " people"]) -> float:
    """The median of those that are defined; NaN where none is."""
    defined = values[np.isfinite(values)]
    return float(np.median(defined)) if len(defined) else float("nan")
