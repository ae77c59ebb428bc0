"""Lengths of limbs: metres or something else, and the same limb in every frame."""

import numpy as np
from jaxtyping import Float

from hpe.datasets.doctor.finding import Finding, fault, lacking, named, not_checked, note, sound
from hpe.datasets.doctor.landmarks import Landmarks, middle_value
from hpe.datasets.store import Store

# Joint to joint in metres, of an adult of middle height (SMPL's mean shape, rounded).
LIMBS = {("hip", "knee"): 0.39, ("knee", "ankle"): 0.40, ("shoulder", "elbow"): 0.26, ("elbow", "wrist"): 0.25}
UNITS = {"metres": 1.0, "decimetres": 10.0, "centimetres": 100.0, "millimetres": 1000.0}
# Times an adult's, from a small child to somebody tall; below sqrt(10) apart from the next unit.
SMALLEST, LARGEST = 0.35, 2.0
LEAST_RATIO, MOST_RATIO, TOLERATED = 0.5, 2.0, 0.01
FARTHEST = 200.0


def limb_lengths(store: Store) -> Float[np.ndarray, "people limbs"]:
    """Lengths of thighs, shins, upper arms and forearms in the store's unit, left and right; NaN where unlabelled."""
    points = Landmarks.of(store, "joints3d")
    bones = [np.stack(points.pair(upper)) - np.stack(points.pair(lower)) for upper, lower in LIMBS]
    return np.linalg.norm(np.concatenate(bones), axis=-1).T


def _scale(lengths: Float[np.ndarray, "people limbs"]) -> Float[np.ndarray, " people"]:
    """How many times as long as an adult's in metres; the median over a person's limbs, NaN where there are none."""
    relative = lengths / np.repeat(list(LIMBS.values()), 2)
    known = np.isfinite(relative).any(axis=1)
    scale = np.full(len(lengths), np.nan)
    scale[known] = np.nanmedian(relative[known], axis=1)
    return scale


def unit_of(scale: float) -> str:
    """The unit in which such limbs are a human's."""
    fitting = [name for name, factor in UNITS.items() if SMALLEST <= scale / factor <= LARGEST]
    return fitting[0] if fitting else f"a unit of {1 / scale:.3g} m" if scale > 0 else "no unit: all joints coincide"


def unit(store: Store) -> Finding:
    """Limbs have the lengths of humans in metres, and people stand where a camera sees them."""
    if missing := lacking(store, "joints3d"):
        return missing
    scale = _scale(limb_lengths(store))
    if np.isnan(middle_value(scale)):
        return not_checked(f"joint set {store.joint_set} has no limbs, or nobody has any")
    with np.errstate(invalid="ignore"):
        wrong = (scale < SMALLEST) | (scale > LARGEST)
    words = f"limbs are {middle_value(scale):.2f} times an adult's, by the median"
    if wrong.mean() > TOLERATED:
        told = unit_of(middle_value(scale[wrong]))
        return fault(f"{int(wrong.sum())} of {len(store)} people are in {told}, not in metres", named(store, wrong))
    if (depth := _depth(store)) > FARTHEST:
        return fault(f"{words}, but people are {depth:.0f} m away: translations in another unit than joints?")
    return note(f"{words}; {int(wrong.sum())} people are not", named(store, wrong)) if wrong.any() else sound(words)


def limbs(store: Store) -> Finding:
    """Every limb has 0.5 to 2 times the data set's median for it."""
    if missing := lacking(store, "joints3d"):
        return missing
    lengths = limb_lengths(store)
    medians = np.array([middle_value(limb) for limb in lengths.T])
    if np.isnan(medians).all():
        return not_checked(f"joint set {store.joint_set} has no limbs, or nobody has any")
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = lengths / medians
        wrong = ((ratio < LEAST_RATIO) | (ratio > MOST_RATIO)).any(axis=1)
    if not wrong.any():
        return sound(f"all within {LEAST_RATIO} to {MOST_RATIO:.0f} times their median")
    words = f"{int(wrong.sum())} people have a limb beyond {LEAST_RATIO} to {MOST_RATIO:.0f} times its median"
    return (fault if wrong.mean() > TOLERATED else note)(words, named(store, wrong))


def _depth(store: Store) -> float:
    return abs(middle_value(Landmarks.of(store, "joints3d").middle("hip")[:, 2]))
