"""A protocol card on data that do not know its own people."""

from collections.abc import Mapping
from dataclasses import asdict

from hpe.datasets.schema import SELECTION
from hpe.datasets.store import Store
from hpe.metrics.card import ProtocolCard
from hpe.scoring.card_rows import EVERYBODY


def for_store(card: ProtocolCard, store: Store, otherwise: Mapping[str, str]) -> ProtocolCard:
    """`card` where `store` knows its frames; else with the fields `otherwise` instead, which is another protocol.

    Raises UserError for fields that no card has.
    """
    if card.frames == EVERYBODY or SELECTION + card.frames in store:
        return card
    return ProtocolCard.of(asdict(card) | dict(otherwise), "released.otherwise")
