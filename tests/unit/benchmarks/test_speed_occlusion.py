"""What is timed is every place of PARE's patch."""

import pytest

from benchmarks import speed_occlusion
from benchmarks.occlusion import pace


@pytest.mark.slow
def test_a_system_is_timed_in_batches_and_alone(monkeypatch):
    monkeypatch.setattr(speed_occlusion, "CASES", {"mpqa": ["model=mpqa"]})
    monkeypatch.setattr(pace, "FEW", 2)
    row = speed_occlusion.occlusion()["mpqa"]
    assert row["ratio"] == pytest.approx(row["reference_s"] / row["ours_s"])


def test_the_patch_is_the_published_one():
    assert len(speed_occlusion.Patch.of(224, None, None, 0.0).windows) == speed_occlusion.AT_ONCE
