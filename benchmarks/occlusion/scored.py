"""The errors of a trial under a protocol card: a row a system, person and layer."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from jaxtyping import Int
from omegaconf import DictConfig

from benchmarks.occlusion.models import Model
from benchmarks.occlusion.trial import Trial
from hpe.assembly import build_bodies, build_card
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.metrics.card import ProtocolCard
from hpe.metrics.comparison import PERSON
from hpe.scoring.card_rows import selection
from hpe.scoring.predictions import Predictions
from hpe.scoring.score import check_card, score
from hpe.scoring.summary import METRICS


def card_of(config: DictConfig) -> ProtocolCard:
    """The data set's card with those of its metrics that say something of single pictures.

    A prediction that is not finite is left out and counted, whatever the card does with it: under heavy occlusion it
    is a finding. Raises UserError for a card without such metrics.
    """
    card = build_card(config)
    kept = tuple(name for name in METRICS if name in card.metrics)
    if not kept:
        raise UserError(f"protocol {card.name} has none of the metrics {', '.join(METRICS)}: choose another protocol=")
    return replace(card, metrics=kept, failed="drop")


def scored_people(card: ProtocolCard, store: Store, people: int | None) -> Int[np.ndarray, " people"]:
    """Rows of whom the card scores: all, or `people` of them spread evenly.

    Raises UserError where there are fewer, or nobody.
    """
    rows = np.flatnonzero(selection(card, "frames", store) & selection(card, "people", store))
    if len(rows) == 0:
        raise UserError(f"{card} scores nobody of {store.name} {store.split}: choose another data= or protocol=")
    if people is None:
        return rows
    if not 1 <= people <= len(rows):
        raise UserError(f"people={people}: {card} scores {len(rows)} people of {store.name} {store.split}")
    return rows[np.linspace(0, len(rows) - 1, people).round().astype(int)]


def check(models: Sequence[Model], store: Store, card: ProtocolCard) -> None:
    """Raise UserError, before anybody is shown to them, for a card that data or a system's body cannot satisfy."""
    for model in models:
        check_card(card, store, build_bodies(model.config, card, model.system.body))


def errors(shown: Trial, models: Sequence[Model], store: Store, card: ProtocolCard) -> pd.DataFrame:
    """Columns of `Trial.shown`, `model`, who it is, and the card's metrics in mm; NaN is undefined.

    A row that is undefined for one system is undefined for all, so that all are compared on the same. Raises UserError
    as `score` does.
    """
    tables = [_of(model, shown, store, card) for model in models]
    broken = np.any([table[list(card.metrics)].isna().to_numpy() for table in tables], axis=0)
    for table in tables:
        table[list(card.metrics)] = table[list(card.metrics)].mask(broken)
    return pd.concat(tables, ignore_index=True)


def _of(model: Model, shown: Trial, store: Store, card: ProtocolCard) -> pd.DataFrame:
    """A person is in the store as often as it was shown."""
    rows = shown.shown["row"].to_numpy()
    again = replace(store, columns={name: values[rows] for name, values in store.columns.items()})
    people = {name: again[name] for name in PERSON}
    said = {"sample": np.arange(len(rows)), **people, **shown.said[model.name]}
    predictions = Predictions(store.name, store.split, model.system.body.name, "smpl_24", model.name, said)
    found = score(predictions, again, card, build_bodies(model.config, card, model.system.body))
    return shown.shown.assign(model=model.name, **people, **{name: found[name].to_numpy() for name in card.metrics})
