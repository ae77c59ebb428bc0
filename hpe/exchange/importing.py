"""Predictions of others into our store, matched to the people of a data store."""

import logging
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.exchange.foreign import Foreign
from hpe.exchange.matching import Match, match
from hpe.files.hashes import file_hash
from hpe.scoring.predictions import Predictions

_log = logging.getLogger(__name__)


def import_predictions(
    said: Foreign,
    store: Store,
    model: str,
    body: str,
    joints: str | None,
    way: str | None = None,
    partial: bool = False,
) -> Predictions:
    """The predictions in `said` of the people in `store`, in the store's order.

    `body` names the body that rotations are of, `joints` the set that joints are of, `way` how to match (see
    `matching.match`). Whoever is left over on either side is counted and named: in an error, or with `partial` in a
    warning. Raises UserError where nothing matches.
    """
    found = match(said, store, way)
    if left := _left_over(said, store, found):
        if not partial:
            raise UserError(f"{left}; to import the rest: --partial")
        _log.warning("%s", left)
    order = np.argsort(found.ours)
    theirs, ours = found.theirs[order], found.ours[order]
    columns = {"sample": ours, **{name: store[name][ours] for name in ("sequence", "frame", "person")}}
    columns |= {name: values[theirs] for name, values in said.columns.items()}
    if "pose" in columns and "betas" not in columns:
        raise UserError(f"{said.path}: rotations without betas; add an array betas [N, 10] (zeros, if there are none)")
    return Predictions(
        dataset=store.name,
        split=store.split,
        body=body if "pose" in columns else None,
        joint_set=joints or "smpl_24",
        model=model,
        columns=columns,
        data_hash=file_hash(store.path),
    )


def rename_people(said: Foreign, people: Mapping[int, int]) -> Foreign:
    """The same with other numbers for persons, such as tracks that a tracker numbered; those not named stay."""
    if "person" not in said.names:
        raise UserError(f"{said.path} numbers no persons that could be renamed")
    if unknown := people.keys() - set(said.names["person"].tolist()):
        known = ", ".join(map(str, np.unique(said.names["person"])[:20]))
        raise UserError(f"{said.path} has no person {min(unknown)}; it has {known}")
    renamed = np.array([people.get(person, person) for person in said.names["person"].tolist()])
    return replace(said, names={**said.names, "person": renamed})


def _left_over(said: Foreign, store: Store, found: Match) -> str:
    """How many rows of both sides have no partner, and the first of each; empty where all have."""
    theirs = np.setdiff1d(np.arange(len(said)), found.theirs)
    ours = np.setdiff1d(np.arange(len(store)), found.ours)
    lines = []
    if len(theirs):
        lines.append(
            f"{len(theirs)} of {len(said)} predictions in {said.path} are of nobody ({said.label(int(theirs[0]))})"
        )
    if len(ours):
        first = " ".join(f"{key} {store[key][ours[0]]}" for key in ("sequence", "frame", "person"))
        lines.append(f"{len(ours)} of {len(store)} people in {store.path} have no prediction ({first})")
    return ", ".join(lines)
