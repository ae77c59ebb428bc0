"""What is timed is right: both ways give the same crops and joints."""

import pytest

from benchmarks import speed_consumer, speed_loader
from benchmarks.speed_loader import NO_AUGMENTATION, _check, make
from benchmarks.timing import median_seconds


@pytest.fixture
def people(tmp_path, monkeypatch):
    monkeypatch.setattr(speed_loader, "PEOPLE", 4)
    monkeypatch.setattr(speed_loader, "LEGACY", 2)
    return make(tmp_path / "made", 320, 240, 150)


@pytest.mark.slow
def test_loader_and_usual_way_agree(people):
    _check(people)


@pytest.mark.slow
def test_a_fast_wrong_answer_is_not_timed(people, monkeypatch):
    right = people.legacy(NO_AUGMENTATION)()
    monkeypatch.setattr(speed_loader.People, "legacy", lambda *_: lambda: right[[1, 0]])
    with pytest.raises(RuntimeError, match="differ from the usual way"):
        _check(people)


@pytest.mark.slow
def test_a_case_is_timed_beside_both(people, monkeypatch):
    row = speed_loader._row(people)
    assert row["ratio"] == pytest.approx(row["reference_s"] / row["ours_s"])
    assert row["of_decode"] == pytest.approx(row["decode_s"] / row["ours_s"])
    assert row["at_8_workers"] == pytest.approx(8 / row["ours_s"])


@pytest.mark.slow
def test_a_network_that_is_slow_enough_does_not_wait(people, monkeypatch):
    for name, value in (("BATCH", 4), ("BATCHES", 3), ("WARM", 1), ("RATE", 20), ("HERE", 1)):
        monkeypatch.setattr(speed_consumer, name, value)
    row = speed_consumer.consumed(people.crops(NO_AUGMENTATION))
    assert row["reference_s"] == pytest.approx(0.4)
    assert row["waited"] == pytest.approx(1 - row["ratio"])


def test_all_are_called_in_turns_by_the_clock_that_is_given():
    ticks, calls = iter(range(1000)), []
    spent = median_seconds({name: lambda name=name: calls.append(name) for name in "abc"}, lambda: next(ticks))
    assert "".join(calls) == "abc" * (len(calls) // 3)
    assert spent == {"a": 1, "b": 1, "c": 1}
