"""What is timed is right: on a body of SMPL's size, scores are those of smplx."""

import pytest

from benchmarks import speed_scoring
from benchmarks.speed_scoring import make, measure


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The files of the benchmark for a few people."""
    for name, value in (("PEOPLE", 70), ("REFERENCE_PEOPLE", 64), ("BATCH", 32)):
        monkeypatch.setattr(speed_scoring, name, value)
    make(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_seconds_and_memory_are_measured_of_errors_that_agree_with_smplx(files):
    found = measure(files)
    assert found["ours_s"] > 0
    assert found["reference_s"] > 0
    assert found["peak_mb"] > 100


@pytest.mark.slow
def test_a_fast_wrong_answer_is_not_timed(files, monkeypatch):
    monkeypatch.setattr(
        speed_scoring, "score", lambda *inputs: 1.01 * speed_scoring_score(*inputs).select_dtypes("number")
    )
    with pytest.raises(RuntimeError, match="differ from smplx"):
        measure(files)


speed_scoring_score = speed_scoring.score
