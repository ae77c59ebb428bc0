"""Which people a protocol card scores, and whether the data at hand are the ones that it speaks of."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Int

from hpe.bodies.body import Body
from hpe.datasets.schema import GENDERS, SELECTION
from hpe.datasets.store import Store
from hpe.errors import UserError, did_you_mean
from hpe.metrics.card import ProtocolCard
from hpe.scoring.predictions import Predictions

EVERYBODY = "all"
LABELS = "joints"


class CardFault(UserError):
    """A field of a card that the data or bodies at hand cannot satisfy."""

    def __init__(self, card: ProtocolCard, field: str, reason: str) -> None:
        super().__init__(f"protocol {card.name}, field {field} ({getattr(card, field)}): {reason}")
        self.field = field


def check_data(card: ProtocolCard, store: Store, bodies: Mapping[str, Body]) -> None:
    """Raise CardFault for data or bodies that the protocol cannot be measured with.

    `bodies` are by gender: neutral, and male and female where there are any.
    """
    for field, found in (("dataset", store.name), ("split", store.split)):
        if getattr(card, field) != found:
            raise CardFault(card, field, f"{store.path} is {found}; choose another protocol= or data=")
    for field in ("frames", "people"):
        selection(card, field, store)
    if card.gt_model == LABELS and "joints3d" not in store:
        raise CardFault(card, "gt_model", f"{store.path} has no column 'joints3d'; prepare the data again")
    if card.gt_model != LABELS or card.pve_root is not None:
        _check_bodies(card, store, bodies)


def _check_bodies(card: ProtocolCard, store: Store, bodies: Mapping[str, Body]) -> None:
    if "pose" not in store:
        raise CardFault(card, "gt_model", f"{store.path} has no column 'pose' to make ground-truth meshes of")
    if card.gt_model not in (LABELS, bodies["neutral"].name):
        raise CardFault(
            card, "gt_model", f"the body at hand is {bodies['neutral'].name}; choose another body= or protocol="
        )
    if card.gt_gender != "gendered":
        return
    if "gender" not in store:
        raise CardFault(card, "gt_gender", f"{store.path} has no column 'gender'; prepare the data again")
    codes = np.unique(store["gender"])
    if not set(codes) <= set(range(len(GENDERS))):
        raise CardFault(
            card, "gt_gender", f"{store.path}: column 'gender' holds {codes.tolist()}, known are 0, 1 and 2"
        )
    wanted = {GENDERS[code] for code in codes}
    if lacking := sorted(wanted - bodies.keys()):
        raise CardFault(
            card, "gt_gender", f"there is no {lacking[0]} body; body=smpl reads it from the folder paths.smpl"
        )


def selection(card: ProtocolCard, field: str, store: Store) -> Bool[np.ndarray, " rows"]:
    """The store's rows that the card's field (frames or people) selects. Raises CardFault for an unknown selection."""
    name = getattr(card, field)
    if name == EVERYBODY:
        return np.ones(len(store), dtype=bool)
    if SELECTION + name not in store:
        known = [column.removeprefix(SELECTION) for column in store.columns if column.startswith(SELECTION)]
        raise CardFault(card, field, f"{store.path} knows no such selection; {did_you_mean(name, [EVERYBODY, *known])}")
    return store[SELECTION + name]


def scored_rows(card: ProtocolCard, store: Store, predictions: Predictions) -> Int[np.ndarray, " people"]:
    """For each row of the store its row among the predictions, -1 where there is none, -2 where it is not scored.

    A prediction that is not finite is none. Raises CardFault where somebody is missing whom the card does not let be
    missing, and where nobody is left.
    """
    finite = np.flatnonzero(_finite(predictions))
    places = np.full(len(store), -1)
    places[predictions["sample"][finite]] = finite
    chosen = selection(card, "frames", store) & selection(card, "people", store)
    missing, people = int((places[chosen] < 0).sum()), int(chosen.sum())
    if missing == people:
        raise CardFault(card, "frames", f"none of its {people} people in {store.path} has a finite prediction")
    if missing and card.failed == "fail":
        broken = len(predictions) - len(finite)
        reason = f"{missing} of {people} people have no prediction, or one that is not finite ({broken} are not)"
        raise CardFault(card, "failed", f"{reason}; predict all of them, or choose protocol.failed=drop")
    return np.where(chosen, places, -2)


def _finite(predictions: Predictions) -> Bool[np.ndarray, " rows"]:
    """Whether all that is scored of a prediction are numbers."""
    columns = [predictions[name] for name in ("pose", "betas", "joints3d", "transl") if name in predictions]
    return np.all([np.isfinite(values).reshape(len(predictions), -1).all(1) for values in columns], axis=0)
