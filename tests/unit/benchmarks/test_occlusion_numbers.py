"""From errors to numbers, tables and figures; nothing that is empty is zero."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from benchmarks.formats import FORMATS
from benchmarks.occlusion.bins import Bins
from benchmarks.occlusion.models import Model, told_apart
from benchmarks.occlusion.numbers import ALL, AREA, BIN, CLEAR, LESS, SIZE, TRUNCATION, numbers
from benchmarks.occlusion.plots import draw_curves
from benchmarks.occlusion.tables import spans_of, table

BINS = Bins((0.0, 0.25, 0.5, 1.0), 0.5, 3)
PEOPLE, SIZES = 12, (0.2, 0.6)


def system(name, seed=0, path="outputs/train/run/checkpoints/best.ckpt"):
    config = SimpleNamespace(backbone={"name": "resnet10t"})
    return Model(name, seed, Path(path), "0" * 64, config, None, None)


def errors(worse=0.0):
    """Everybody without an occluder, and behind two kinds in two sizes; limbs never hide half of anybody."""
    random, rows = np.random.default_rng(0), []
    for person in range(PEOPLE):
        own = {"row": person, "sequence": f"walk{person}", "frame": 0, "person": 0}
        rows.append(own | {"kind": "none", "size": 0.0, "occlusion": 0.0, "position": "nowhere", "mpjpe": 100.0})
        for kind, reach in (("patch", 1.0), ("limb", 0.4)):
            for size in SIZES:
                share = random.uniform(0, 0.5) * reach + (size > 0.5) * 0.5 * reach
                place = "head" if share < 0.3 else "leg"
                behind = {"kind": kind, "size": size, "occlusion": share, "position": place}
                rows.append(own | behind | {"mpjpe": 100 + 80 * share + random.normal()})
    table = pd.DataFrame(rows)
    other = table.assign(model="b", mpjpe=table["mpjpe"] + worse * table["occlusion"])
    return pd.concat([table.assign(model="a"), other], ignore_index=True)


@pytest.fixture
def found():
    return numbers(errors(worse=30.0), ("mpjpe",), BINS)


def of(found, name, group, model):
    some = found[(found["table"] == name) & (found["group"] == group) & (found["model"] == model)]
    assert len(some)
    return some


def test_every_bin_says_how_many_it_holds_and_an_empty_one_is_undefined(found):
    bins = of(found, BIN, "limb", "a")
    assert bins["low_edge"].tolist() == [0, 0.25, 0.5]
    assert bins["rows"].sum() == 2 * PEOPLE
    empty = bins[bins["low_edge"] == 0.5].iloc[0]
    assert (empty["rows"], empty["people"], empty["sequences"]) == (0, 0, 0)
    assert np.isnan([empty["mean"], empty["low"], empty["high"]]).all()


def test_with_nothing_hidden_the_error_is_that_of_the_plain_pictures(found):
    (clear,) = of(found, CLEAR, ALL, "a")["mean"]
    assert clear == 100


def test_systems_are_compared_on_the_same_pictures(found):
    (difference,) = of(found, LESS, "patch", "b less a").itertuples()
    areas = [of(found, AREA, "patch", model)["mean"].iloc[0] for model in "ab"]
    assert difference.mean == pytest.approx(areas[1] - areas[0])
    assert difference.low > 0
    assert not difference.tie


def test_a_system_ties_with_its_twin():
    twins = numbers(errors(), ("mpjpe",), BINS)
    assert of(twins, LESS, ALL, "b less a")["tie"].all()


def test_groups_are_kinds_and_positions(found):
    assert list(found.loc[found["table"] == AREA, "group"].unique()) == [
        ALL,
        "patch",
        "limb",
        "on the head",
        "on the leg",
    ]
    assert of(found, SIZE, "patch", "a")["low_edge"].tolist() == list(SIZES)


@pytest.mark.parametrize("name", FORMATS)
def test_numbers_go_into_every_format(found, card, name):
    made = FORMATS[name](table(found, [system("a"), system("b")], card, "synthetic", "occlusion"))
    assert "b less a" in made
    assert "12 pictures, 12 people, 12 sequences" in made
    assert ">nan<" not in made
    assert " nan " not in made


def test_a_note_says_what_all_numbers_of_its_line_share(found, card):
    made = FORMATS["text"](table(found, [system("a"), system("b")], card, "synthetic", "occlusion"))
    assert "[1] outputs/train/run/checkpoints/best.ckpt, SHA-256 000000000000\n" in made


def test_the_size_of_a_truncation_is_a_share_of_the_person():
    assert spans_of(SIZE, "patch") == "patch, by size, shares of the crop's side"
    assert spans_of(SIZE, ALL) == "all occluders but truncation, by size, shares of the crop's side"
    assert "of the person's width or height" in spans_of(SIZE, TRUNCATION)
    assert spans_of(BIN, TRUNCATION) == "truncation, by the share of the person that is hidden"


@pytest.mark.slow
def test_they_are_drawn(found, tmp_path):
    draw_curves(tmp_path / "a.png", found, "mpjpe", 3, "title")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_systems_of_one_name_are_told_apart():
    def names(*models):
        return [model.name for model in told_apart(models)]

    assert names(system("hmr"), system("mpqa")) == ["hmr", "mpqa"]
    assert names(system("hmr"), system("hmr", 1)) == ["hmr seed 0", "hmr seed 1"]
    runs = [system("hmr", path=f"outputs/{run}/checkpoints/best.ckpt") for run in "xy"]
    assert names(*runs) == ["hmr x", "hmr y"]
    assert names(system("hmr"), system("hmr")) == ["hmr #1", "hmr #2"]
