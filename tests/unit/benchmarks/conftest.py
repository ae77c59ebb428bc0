"""Made-up results: run folders with records and errors a person."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.definitions import definition
from benchmarks.layout import Table, laid_out
from benchmarks.measured import measured_rows
from benchmarks.published import published
from benchmarks.quoted import quoted_rows
from benchmarks.results import Row
from hpe.config import config_folder
from hpe.metrics.bootstrap import cluster_interval
from hpe.metrics.card import ProtocolCard
from hpe.runs.loading import ERRORS
from hpe.runs.records import METRICS, Record, find

SEQUENCES, FRAMES = 12, 20
SEQUENCE = np.repeat([f"walk{place:02}" for place in range(SEQUENCES)], FRAMES)
# Errors differ much between sequences, and little between frames of one.
HARD = np.repeat(np.random.default_rng(0).normal(0, 10, SEQUENCES), FRAMES)

Measure = Callable[..., Path]


def protocol(name: str) -> ProtocolCard:
    return ProtocolCard.read(config_folder() / f"protocol/{name}.yaml")


@pytest.fixture
def measure(tmp_path: Path) -> Measure:
    """Leaves a run whose MPJPE is about `mean`: a record and, where `keep`, errors a person."""

    def leave(name, mean=80.0, card="pare_3dpw", keep=True, noise_seed=0, **changes):
        folder = tmp_path / "outputs" / name
        folder.mkdir(parents=True)
        errors = _errors(mean, noise_seed)
        if keep:
            errors.to_parquet(folder / ERRORS)
        record = _record(errors, protocol(card) if isinstance(card, str) else card)
        Record(**asdict(record) | changes).write(folder)
        return folder

    return leave


def _errors(mean: float, noise_seed: int) -> pd.DataFrame:
    noise = np.random.default_rng(noise_seed).normal(0, 1, len(SEQUENCE))
    people = {"sample": np.arange(len(SEQUENCE)), "sequence": SEQUENCE, "frame": np.tile(range(FRAMES), SEQUENCES)}
    shares = zip(METRICS, (1.0, 0.6, 1.2), strict=True)
    return pd.DataFrame(people | {"person": 0} | {name: share * (mean + HARD + noise) for name, share in shares})


def _record(errors: pd.DataFrame, card: ProtocolCard) -> Record:
    found = {name: cluster_interval(errors[name].to_numpy(), SEQUENCE, resamples=999) for name in METRICS}
    return Record(
        metrics={name: interval.mean for name, interval in found.items()},
        intervals={name: [interval.low, interval.high] for name, interval in found.items()},
        baseline=dict.fromkeys(METRICS, 240.0),
        seconds={},
        model="pare",
        data="3dpw",
        split="test",
        seed=0,
        samples=len(errors),
        sequences=SEQUENCES,
        card=asdict(card),
        card_hash=card.hash,
        command="python -m hpe.train",
        checkpoint="checkpoint-hash",
        commit="commit-hash",
    )


@pytest.fixture(scope="session")
def quoted() -> Callable[[str], Sequence[Row]]:
    """The published rows of a defined table."""
    return cache(lambda name: quoted_rows(definition(name), published()))


@pytest.fixture
def table(tmp_path: Path, quoted: Callable[[str], Sequence[Row]]) -> Callable[[str], Table]:
    """Lays out a defined table over what was measured."""

    def lay_out(name="pare"):
        made, folder = definition(name), tmp_path / "outputs"
        records = find(folder) if folder.is_dir() else {}
        return laid_out(made, quoted(name), measured_rows(made, records))

    return lay_out
