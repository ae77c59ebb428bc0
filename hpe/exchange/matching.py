"""Whose predictions are these: rows of somebody's file to rows of a data store."""

from dataclasses import dataclass
from posixpath import splitext

import numpy as np
import pandas as pd

from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.exchange.boxes import pairs_by_box
from hpe.exchange.foreign import Foreign

WAYS = ("image", "ids", "boxes", "order")
OTHER_WAYS = f"match by another way ({', '.join(WAYS)})"


@dataclass(frozen=True, eq=False)
class Match:
    """Row `theirs[i]` of the file is row `ours[i]` of the data store; no row comes twice."""

    theirs: np.ndarray
    ours: np.ndarray


def match(said: Foreign, store: Store, way: str | None = None) -> Match:
    """Match by `way`: picture names, ids (sequence, frame, person), overlap of boxes in a picture, or order.

    Without a `way`, by picture names where the file has them, else by ids. Raises UserError where names are missing
    or stand for several people, and where nobody matches.
    """
    way = way or ("image" if "image" in said.names else "ids")
    if way == "order":
        return _by_order(said, store)
    keys = _keys(said, way)
    if missing := [key for key in (*keys, "box")[: None if way == "boxes" else -1] if key not in said.names]:
        raise UserError(f"{said.path} names no {missing[0]}, which matching by {way} needs; {OTHER_WAYS}")
    theirs, ours = _numbered(said, store, keys)
    if way == "boxes":
        found = Match(*pairs_by_box(theirs, ours, said.names["box"], store["box"]))
    else:
        found = _by_number(said, store, theirs, ours)
    if not len(found.theirs):
        raise UserError(
            f"{said.path} and {store.path} have nobody in common: {said.label(0)} is no {_name(store, keys)}"
        )
    return found


def _by_order(said: Foreign, store: Store) -> Match:
    if len(said) != len(store):
        lengths = f"{said.path} has {len(said)} rows, {store.path} {len(store)} people"
        raise UserError(f"{lengths}: only files of one length can be matched by order")
    return Match(np.arange(len(store)), np.arange(len(store)))


def _keys(said: Foreign, way: str) -> tuple[str, ...]:
    """What names a person, or a picture for matching by boxes."""
    if way == "ids":
        return ("sequence", "frame", "person")
    if way == "image":
        return ("image", "person") if "person" in said.names else ("image",)
    return ("image",) if "image" in said.names else ("sequence", "frame")


def _numbered(said: Foreign, store: Store, keys: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """A number for every row of both sides, the same where the names are the same."""
    columns = [_alike(said.names[key], store[key]) if key == "image" else (said.names[key], store[key]) for key in keys]
    everything = pd.MultiIndex.from_arrays([np.concatenate(pair) for pair in columns])
    numbers = everything.factorize()[0]
    return numbers[: len(said)], numbers[len(said) :]


def _alike(theirs: np.ndarray, ours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Names of pictures cut to as many trailing folders as all of them have, without their ending."""
    parts = [[splitext(name)[0].strip("/").split("/") for name in names] for names in (theirs, ours)]
    depth = min(len(name) for names in parts for name in names)
    first, second = (np.array(["/".join(name[-depth:]) for name in names]) for names in parts)
    return first, second


def _by_number(said: Foreign, store: Store, theirs: np.ndarray, ours: np.ndarray) -> Match:
    for path, numbers, label in ((said.path, theirs, said.label), (store.path, ours, lambda row: store["image"][row])):
        if (twice := pd.Series(numbers).duplicated()).any():
            name = label(int(twice.argmax()))
            raise UserError(f"{path} has several rows of {name}, which the names do not tell apart; {OTHER_WAYS}")
    place = pd.Index(ours).get_indexer(theirs)
    return Match(np.flatnonzero(place >= 0), place[place >= 0])


def _name(store: Store, keys: tuple[str, ...]) -> str:
    return "such as " + " ".join(f"{key} {store[key][0]}" for key in keys)
