"""Left and right: crossed labels are found by geometry, for every frame whichever way the person looks."""

import numpy as np
from jaxtyping import Float

from hpe.datasets.doctor.finding import Finding, fault, lacking, named, not_checked, note, sound
from hpe.datasets.doctor.landmarks import Landmarks, cosine
from hpe.datasets.doctor.poses import body_axis
from hpe.datasets.store import Store

PAIRS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
# What is less clear than this cosine says neither left nor right.
LEAST_COSINE = 0.3
# Metres by which toes and knees must be in front of the body's plane to tell where it looks.
LEAST_FORWARD = 0.04
# Of the torso's length on the picture, which hips and shoulders must be apart to tell left from right.
LEAST_WIDTH = 0.15
# A set, or a sequence of at least so many clear people, is crossed where this share is.
TOLERATED, TOLERATED_IN_SEQUENCE, CLEAR_PEOPLE = 0.05, 0.25, 10


def sides_in_3d(store: Store) -> Finding:
    """Hips and shoulders run to the body's left as the pose says, else as toes and bent knees do."""
    if missing := lacking(store, "joints3d"):
        return missing
    points = Landmarks.of(store, "joints3d")
    left, source = _left(store, points)
    return _told(store, {girdle: cosine(points.across(girdle), left) for girdle in ("hip", "shoulder")}, source)


def sides_in_2d(store: Store) -> Finding:
    """Left and right on the picture as in 3D, else as the pose says; else legs and arms at least as each other."""
    if missing := lacking(store, "joints2d"):
        return missing
    flat = Landmarks.of(store, "joints2d")
    if "joints3d" in store:
        return _told(store, {"body": _agreement(flat, Landmarks.of(store, "joints3d"))}, "the 3D joints")
    if "pose" in store:
        left = body_axis(store, 0)
        left[np.abs(left[:, 0]) < 2 * LEAST_COSINE] = np.nan
        return _told(store, {part: cosine(flat.across(part), left[:, :2]) for part in ("hip", "shoulder")}, "the pose")
    return _told(store, {"body": _girdles(flat)}, "each other, hips and shoulders")


def _left(store: Store, points: Landmarks) -> tuple[Float[np.ndarray, "people 3"], str]:
    """The direction to each body's left, and what told it."""
    if "pose" in store:
        return body_axis(store, 0), "the pose"
    up, forward = points.torso(), _forward(points)
    up = up / np.linalg.norm(up, axis=-1, keepdims=True)
    level = forward - np.einsum("pa,pa->p", forward, up)[:, None] * up
    with np.errstate(invalid="ignore"):
        level[~(np.linalg.norm(level, axis=-1) > LEAST_FORWARD)] = np.nan
    # As in SMPL's rest pose, where x is left, y up and z forward.
    return np.cross(up, level), "toes and knees"


def _forward(points: Landmarks) -> Float[np.ndarray, "people 3"]:
    """Where toes and bent knees point to, added up over both sides; what is not labelled adds nothing."""
    hips, knees, ankles, toes = (points.pair(name) for name in ("hip", "knee", "ankle", "toe"))
    signs = [toe - ankle for toe, ankle in zip(toes, ankles, strict=True)]
    signs += [_off_line(*leg) for leg in zip(knees, hips, ankles, strict=True)]
    return np.sum([np.nan_to_num(sign) for sign in signs], axis=0)


def _off_line(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> Float[np.ndarray, "people 3"]:
    """From the nearest place on the line through `start` and `end` to `point`."""
    along = end - start
    place = np.einsum("pa,pa->p", point - start, along) / np.einsum("pa,pa->p", along, along)
    return point - start - place[:, None] * along


def _agreement(flat: Landmarks, solid: Landmarks) -> Float[np.ndarray, " people"]:
    """From 1, where all pairs run on the picture as in 3D, to -1, where all run the other way."""
    both = [np.stack([points.across(name)[:, :2] for name in PAIRS], axis=1) for points in (flat, solid)]
    unknown = ~np.isfinite(both[0] + both[1]).all(axis=-1)
    return cosine(*(np.where(unknown[..., None], 0, vectors).reshape(len(vectors), -1) for vectors in both))


def _girdles(flat: Landmarks) -> Float[np.ndarray, " people"]:
    """Cosine between hips and shoulders on the picture; NaN from the side, where a twist of the torso crosses them."""
    hips, shoulders = flat.across("hip"), flat.across("shoulder")
    with np.errstate(invalid="ignore"):
        narrow = np.minimum(*(np.linalg.norm(girdle, axis=-1) for girdle in (hips, shoulders)))
        seen = narrow > LEAST_WIDTH * np.linalg.norm(flat.torso(), axis=-1)
    return np.where(seen, cosine(hips, shoulders), np.nan)


def _told(store: Store, cosines: dict[str, Float[np.ndarray, " people"]], source: str) -> Finding:
    """A verdict on parts of the body that should run with `source`."""
    clear = {part: np.abs(np.nan_to_num(values)) > LEAST_COSINE for part, values in cosines.items()}
    crossed = {part: clear[part] & (np.nan_to_num(values) < 0) for part, values in cosines.items()}
    some, wrong = np.any(list(clear.values()), axis=0), np.any(list(crossed.values()), axis=0)
    if not some.any():
        return not_checked(f"nothing tells left from right ({source})")
    words = f"{int(wrong.sum())} of {int(some.sum())} people crossed against {source}"
    if wrong.sum() > TOLERATED * some.sum():
        parts = [part for part, rows in crossed.items() if rows.sum() > TOLERATED * some.sum()]
        which = "" if len(parts) == len(crossed) else f", {parts[0]}s only"
        return fault(f"left and right are crossed{which}: {words}", named(store, wrong))
    if sequences := _crossed_sequences(store, some, wrong):
        rows = wrong & np.isin(store["sequence"], sequences)
        return fault(f"left and right are crossed in {', '.join(sequences[:3])}: {words}", named(store, rows))
    return note(words, named(store, wrong)) if wrong.any() else sound(words)


def _crossed_sequences(store: Store, clear: np.ndarray, wrong: np.ndarray) -> list[str]:
    names, place = np.unique(store["sequence"], return_inverse=True)
    clear_people, crossed = np.bincount(place, clear), np.bincount(place, wrong)
    bad = (clear_people >= CLEAR_PEOPLE) & (crossed > TOLERATED_IN_SEQUENCE * clear_people)
    return [str(name) for name in names[bad]]
