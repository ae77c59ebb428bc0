from dataclasses import replace
from functools import partial

import pytest

from benchmarks import speed_part_maps
from benchmarks.speed_part_maps import labelled, part_maps


@pytest.fixture
def quick(body, monkeypatch):
    """The small body, and a step that costs nothing."""
    monkeypatch.setattr(speed_part_maps, "load_anny", lambda mesh: body)
    monkeypatch.setattr(speed_part_maps, "pare", lambda body: type("System", (), {"focal_length": 5000.0}))
    monkeypatch.setattr(speed_part_maps, "step", lambda system, batch: partial(sum, range(10**6)))


def test_it_says_what_share_of_a_step_the_maps_are(quick):
    row = part_maps()["PARE-W32"]
    assert row["overhead"] == pytest.approx(row["ours_s"] / row["reference_s"])
    assert row["ratio"] == pytest.approx(1 / row["overhead"])


def test_people_who_are_not_seen_are_not_timed(quick, monkeypatch):
    monkeypatch.setattr(
        speed_part_maps, "labelled", lambda body: replace(labelled(body), joints2d=labelled(body).joints2d + 9)
    )
    with pytest.raises(RuntimeError, match="somebody shows 1 parts"):
        part_maps()
