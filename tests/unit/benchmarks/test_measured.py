"""Measured rows: one a configuration, seeds together, protocols apart."""

import numpy as np
import pytest

from benchmarks.definitions import definition
from benchmarks.measured import measured_rows
from benchmarks.quantities import Quantity
from hpe.runs.records import Record, find

MPJPE = Quantity("MPJPE", "mm")


@pytest.fixture
def rows(tmp_path):
    return lambda name="systems": measured_rows(definition(name), find(tmp_path / "outputs"))


def test_a_number_is_the_records_with_its_interval(measure, rows):
    record = Record.read(measure("run") / "summary.json")
    (row,) = rows()
    number = row.numbers[MPJPE]
    assert number.value == record.metrics["mpjpe"]
    assert [number.low, number.high] == record.intervals["mpjpe"]
    assert np.isnan(number.spread)


def test_seeds_share_a_row_with_mean_and_spread(measure, rows):
    folders = [measure(f"run{seed}", mean=80 + seed, noise_seed=seed, seed=seed) for seed in range(3)]
    values = [Record.read(folder / "summary.json").metrics["mpjpe"] for folder in folders]
    (row,) = rows()
    assert row.method == "pare, seeds 0, 1, 2"
    assert row.numbers[MPJPE].value == pytest.approx(np.mean(values))
    assert row.numbers[MPJPE].spread == pytest.approx(np.std(values, ddof=1))


@pytest.mark.parametrize(
    "change",
    [
        {"overrides": ["backbone=resnet50"]},
        {"model": "mpqa"},
        {"data": "synthetic"},
        {"commit": "another"},
        {"data_hash": "another"},
        {"card": "vibe_3dpw"},
        {"seed": 0},
    ],
)
def test_whatever_else_differs_is_another_row(change, measure, rows):
    measure("first", seed=0)
    measure("second", **{"seed": 1} | change)
    assert len(rows()) == 2


def test_files_and_seeds_are_no_setting(measure, rows):
    measure("first", seed=0, overrides=["seed=0", "paths.outputs=here"])
    measure("second", seed=1, overrides=["seed=1", "paths.outputs=there", "model=pare"])
    assert [row.method for row in rows()] == ["pare, seeds 0, 1"]


def test_a_table_takes_the_runs_that_it_asks_for(measure, rows):
    measure("mine")
    measure("other", model="mpqa")
    measure("elsewhere", data="synthetic")
    assert [len(rows(name)) for name in ("systems", "pare", "mpqa", "3dpw", "occlusion")] == [3, 2, 1, 2, 0]


def test_a_metric_that_is_undefined_stays_undefined(measure, rows):
    measure("run", metrics={"mpjpe": 80.0, "pa_mpjpe": 50.0, "pve": np.nan})
    (row,) = rows()
    assert np.isnan(row.numbers[Quantity("PVE", "mm")].value)


@pytest.mark.parametrize(("card", "unit"), [("vibe_3dpw", "mm/frame^2"), ("wham_3dpw", "m/s^2")])
def test_accelerations_keep_the_unit_of_their_card(card, unit, measure, rows):
    measure("run", card=card)
    (row,) = rows("3dpw")
    assert Quantity("accel error", unit) in row.numbers


def test_a_number_names_run_card_commit_and_checkpoint(measure, rows):
    folder = measure("run")
    (row,) = rows()
    said = " ".join(row.numbers[MPJPE].source)
    assert all(word in said for word in (str(folder), str(row.card), "commit-hash", "checkpoint-hash"))
