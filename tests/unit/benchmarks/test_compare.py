import numpy as np
import pandas as pd
import pytest

from benchmarks import compare
from benchmarks.compare import lines
from hpe.errors import UserError

PEOPLE = 40


def run(model, seed, **changes):
    """Errors of a run on people half of whom are half hidden; those of `worse` on them are 9 mm more."""
    random = np.random.default_rng(seed)
    hidden = np.arange(PEOPLE) % 2 / 2
    errors = {
        "run": f"{model}{seed}",
        "model": model,
        "protocol_hash": "one",
        "sequence": [f"s{row // 2}" for row in range(PEOPLE)],
        "frame": np.arange(PEOPLE) % 2,
        "person": 0,
        "occlusion": hidden,
        "mpjpe": 100 + random.normal(0, 0.5, PEOPLE) + 9 * (hidden > 0) * (model == "worse"),
    }
    return pd.DataFrame(errors | changes)


@pytest.fixture
def errors():
    return pd.concat([run(model, seed) for model in ("better", "worse") for seed in range(3)])


def test_what_occlusion_costs_is_told_from_the_rest(errors):
    everybody, hidden, seen = lines(errors, "better", "worse", 0.25)
    assert everybody.apart.difference == pytest.approx(-4.5, abs=0.5)
    assert hidden.apart.difference == pytest.approx(-9, abs=0.5)
    assert not hidden.apart.tie
    assert seen.apart.difference == pytest.approx(0, abs=0.5)
    assert [line.apart.samples for line in (everybody, hidden, seen)] == [PEOPLE, PEOPLE / 2, PEOPLE / 2]


def test_runs_of_a_model_are_its_seeds(errors):
    line = next(lines(errors, "better", "worse", 0.25))
    assert (line.first.runs, line.second.runs) == (3, 3)
    assert line.first.deviation < 0.5


def test_a_model_without_runs_is_named(errors):
    with pytest.raises(UserError, match="no run of a model 'beter'; did you mean 'better'"):
        next(lines(errors, "beter", "worse", 0.25))


def test_numbers_of_two_protocols_are_not_compared(errors):
    other = pd.concat([errors, run("worse", 7, protocol_hash="two")])
    with pytest.raises(UserError, match="scored by several protocols"):
        next(lines(other, "better", "worse", 0.25))


def test_the_command_prints_a_table_or_one_line(errors, monkeypatch, capsys):
    monkeypatch.setattr(compare, "load", lambda runs: errors)
    monkeypatch.setenv("COLUMNS", "200")
    assert compare.main(["better", "worse"]) == 0
    printed = capsys.readouterr().out
    assert "25% or more hidden" in printed
    assert "better is better" in printed
    assert compare.main(["better", "nobody"]) == 2
    assert "error: no run of a model 'nobody'" in capsys.readouterr().err
