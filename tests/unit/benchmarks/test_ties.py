"""What is best and what is a tie."""

import math

import pandas as pd
import pytest

from benchmarks import quantities, ties
from benchmarks.quantities import Quantity

MPJPE = Quantity("MPJPE", "mm")


@pytest.fixture
def marked(table):
    """The mark of each measured row's MPJPE, by model."""

    def marked(name="systems"):
        lines = [line for line in table(name).blocks[0].lines if line.row.card]
        return {
            line.row.model: cell.mark for line in lines for column, cell in line.cells.items() if column.what == MPJPE
        }

    return marked


def test_one_alone_is_neither_best_nor_a_tie(measure, marked):
    measure("run")
    assert marked() == {"pare": ""}


def test_a_small_difference_in_every_sequence_is_told_apart_by_person(measure, marked):
    measure("run", mean=80)
    measure("other", mean=81, model="mpqa")
    assert marked() == {"pare": "best", "mpqa": ""}


def test_without_errors_a_person_overlapping_intervals_are_a_tie(measure, marked):
    measure("run", mean=80, keep=False)
    measure("other", mean=81, model="mpqa")
    assert marked() == {"pare": "tie", "mpqa": "tie"}


def test_without_errors_a_person_intervals_apart_are_no_tie(measure, marked):
    measure("run", mean=80, keep=False)
    measure("other", mean=160, model="mpqa", keep=False)
    assert marked() == {"pare": "best", "mpqa": ""}


def test_noise_is_a_tie(measure, marked):
    measure("run", noise_seed=1)
    measure("other", noise_seed=2, model="mpqa")
    measure("third", mean=90, model="hmr")
    assert marked() == {"pare": "tie", "mpqa": "tie", "hmr": ""}


def test_other_people_are_compared_by_their_intervals(measure, marked):
    errors = measure("run", mean=80) / "errors.parquet"
    pd.read_parquet(errors).iloc[:-1].to_parquet(errors)
    measure("other", mean=81, model="mpqa")
    assert set(marked().values()) == {"tie"}


def test_another_protocol_does_not_compete(measure, marked):
    measure("run", mean=80)
    measure("other", mean=120, model="mpqa", card="vibe_3dpw")
    assert marked() == {"pare": "", "mpqa": ""}


def test_seeds_compete_by_their_mean(measure, marked):
    for seed in range(2):
        measure(f"run{seed}", mean=80, seed=seed, noise_seed=seed)
        measure(f"other{seed}", mean=82, seed=seed, noise_seed=seed, model="mpqa")
    assert marked() == {"pare": "best", "mpqa": ""}


def test_what_is_undefined_does_not_compete(measure, marked):
    measure("run", metrics=dict.fromkeys(("mpjpe", "pa_mpjpe", "pve"), math.nan))
    measure("other", model="mpqa")
    assert marked() == {"pare": "", "mpqa": ""}


def test_the_rule_is_in_the_footer(table):
    assert ties.RULE in table().footer


def test_of_shares_the_highest_wins(measure, marked, monkeypatch):
    monkeypatch.setattr(quantities, "MORE_IS_BETTER", ("MPJPE",))
    measure("run", mean=80)
    measure("other", mean=90, model="mpqa")
    assert marked() == {"pare": "", "mpqa": "best"}
