"""How many millimetres each single difference between two protocol cards moves, on the same predictions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hpe.bodies.body import Body
from hpe.datasets.store import Store
from hpe.metrics.card import ProtocolCard, differences
from hpe.scoring.card_rows import EVERYBODY, CardFault
from hpe.scoring.predictions import Predictions
from hpe.scoring.score import score
from hpe.scoring.summary import METRICS, summarise

BEFORE = "acts before a prediction is made: predict again with it"
WITHOUT_EFFECT = {
    "box_source": BEFORE,
    "camera_source": BEFORE,
    "version": "counts revisions of the card",
    "units": "changes the unit of accelerations only",
    "frame_rate": "changes accelerations only",
    "seams": "changes accelerations only",
    "metrics": "chooses columns, and moves none of them",
}

Means = dict[str, float]


@dataclass(frozen=True)
class Effect:
    """One field that differs: how far it alone moves each mean of the first card, in mm, or why that is not known."""

    name: str
    moved: Means = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Effects:
    """Means under both cards, what each difference moves, and the fields that were made equal: field to reason."""

    first: Means
    second: Means
    single: list[Effect]
    aside: dict[str, str]


class Sight:
    """Predictions with the data and bodies that they are scored with."""

    def __init__(self, predictions: Predictions, store: Store, bodies: Mapping[str, Body]) -> None:
        self.predictions, self.store, self.bodies = predictions, store, bodies

    def means(self, card: ProtocolCard) -> Means:
        """Means in mm under a card. Raises UserError, and CardFault naming a field, where there are none."""
        summary = summarise(score(self.predictions, self.store, card, self.bodies), card)
        return {name: summary.metrics[name] for name in METRICS}

    def effects(self, a: ProtocolCard, b: ProtocolCard) -> Effects:
        """Score by `a`, by `a` with each one field of `b`, and by `b`.

        A field that only one card can have here is taken from the other one, people whom the store cannot select
        are all of them, and `aside` says so. Raises UserError for any other fault.
        """
        a, b = (replace(card, metrics=tuple(METRICS)) for card in (a, b))
        aside: dict[str, str] = {}
        while fault := self._fault(a) or self._fault(b):
            name = fault.field
            if name in aside or (name not in differences(a, b) and name not in ("frames", "people")):
                raise fault
            aside[name] = str(fault)
            a, b = self._equal(a, b, name)
        first, second = self.means(a), self.means(b)
        return Effects(first, second, [self._single(a, b, name, first) for name in differences(a, b)], aside)

    def _equal(self, a: ProtocolCard, b: ProtocolCard, name: str) -> tuple[ProtocolCard, ProtocolCard]:
        """Both cards with the value of the one that has no fault there; without either, everybody is chosen."""
        values: tuple[Any, ...] = (getattr(a, name), getattr(b, name), EVERYBODY)
        pairs = [(replace(a, **{name: value}), replace(b, **{name: value})) for value in values]
        return next((pair for pair in pairs if not any(self._fault(card, name) for card in pair)), pairs[-1])

    def _fault(self, card: ProtocolCard, name: str = "") -> CardFault | None:
        """Why a card cannot be measured here, if it cannot; of the field `name` alone where it is given."""
        try:
            self.means(card)
        except CardFault as fault:
            return fault if name in ("", fault.field) else None
        return None

    def _single(self, a: ProtocolCard, b: ProtocolCard, name: str, first: Means) -> Effect:
        if name in WITHOUT_EFFECT:
            return Effect(name, reason=WITHOUT_EFFECT[name])
        try:
            changed = self.means(replace(a, **{name: getattr(b, name)}))
        except CardFault as fault:
            return Effect(name, reason=f"not on its own: {fault}")
        return Effect(name, {metric: changed[metric] - first[metric] for metric in METRICS})
