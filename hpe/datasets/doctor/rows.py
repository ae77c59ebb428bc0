"""Rows of a store: numbers that are finite, frames in order, nobody twice."""

import numpy as np
from jaxtyping import Bool

from hpe.datasets.doctor.finding import Finding, fault, named, note, sound
from hpe.datasets.store import Store


def finite_values(store: Store) -> Finding:
    """Every number is finite: what is unknown has confidence 0, not NaN."""
    counts, bad = {}, np.zeros(len(store), bool)
    for name, values in store.columns.items():
        if values.dtype.kind == "f":
            rows = ~np.isfinite(values).reshape(len(store), -1).all(axis=1)
            counts[name] = int(rows.sum())
            bad |= rows
    if bad.any():
        words = ", ".join(f"{count} in column '{name}'" for name, count in counts.items() if count)
        return fault(f"rows with NaN or infinity: {words}", named(store, bad))
    return sound(f"{len(counts)} columns of numbers")


def no_duplicates(store: Store) -> Finding:
    """A person is in a frame once."""
    twice = _repeated(store)
    if twice.any():
        return fault(f"{int(twice.sum())} rows repeat sequence, person and frame of another", named(store, twice))
    return sound(f"{len(store)} people, no (sequence, person, frame) twice")


def frames_in_order(store: Store) -> Finding:
    """The rows of a person in a sequence lie together, by frame."""
    kept = np.flatnonzero(~_repeated(store))
    track = _tracks(store)[kept]
    starts = np.flatnonzero(np.r_[True, track[1:] != track[:-1]]) if len(track) else np.zeros(0, int)
    torn = np.zeros(len(store), bool)
    torn[kept[starts]] = ~np.isin(starts, np.unique(track, return_index=True)[1])
    torn[kept[1:]] |= (track[1:] == track[:-1]) & (np.diff(store["frame"][kept]) < 0)
    if torn.any():
        return fault(f"{int(torn.sum())} rows out of order within their sequence and person", named(store, torn))
    return sound(f"{len(np.unique(track))} tracks in {len(np.unique(store['sequence']))} sequences")


def boxes(store: Store) -> Finding:
    """Every box has an area, and lies at least partly on its picture."""
    box, size = store["box"], store["image_size"]
    with np.errstate(invalid="ignore"):
        flat = ~np.asarray((box[:, 2:] > 0).all(axis=1))
        off = ~(flat | ((box[:, :2] < size) & (box[:, :2] + box[:, 2:] > 0)).all(axis=1))
    if flat.any():
        return fault(f"{int(flat.sum())} boxes without area", named(store, flat))
    if off.any():
        words = f"{int(off.sum())} of {len(store)} boxes lie beside their picture"
        return (fault if off.mean() > 0.01 else note)(words, named(store, off))
    return sound("all on their pictures")


def _tracks(store: Store) -> np.ndarray:
    """A number a row, the same for the same person of the same sequence."""
    sequence = np.unique(store["sequence"], return_inverse=True)[1]
    return np.unique(np.stack([sequence, store["person"]], axis=1), axis=0, return_inverse=True)[1].reshape(-1)


def _repeated(store: Store) -> Bool[np.ndarray, " people"]:
    """Rows that name a person and frame which an earlier row has named."""
    key = np.stack([_tracks(store), store["frame"]], axis=1)
    first = np.unique(key, axis=0, return_index=True)[1]
    repeated = np.ones(len(store), bool)
    repeated[first] = False
    return repeated
