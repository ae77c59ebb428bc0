import json
import sys

import pytest
import torch

from benchmarks import speed, speed_metrics
from benchmarks.timing import medians


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the metrics suite on few people and read back what it wrote."""
    monkeypatch.setattr(speed_metrics, "PEOPLE", 20)
    monkeypatch.setattr(
        speed_metrics, "scoring", lambda: {"ours_s": 1.0, "reference_s": 3.0, "ratio": 3.0, "peak_mb": 9}
    )
    monkeypatch.setattr(sys, "argv", ["speed", "metrics", "--folder", str(tmp_path)])

    def run():
        speed.main()
        return json.loads((tmp_path / "metrics.json").read_text())

    return run


def test_a_suite_writes_seconds_and_their_ratio(run, capsys):
    threads = torch.get_num_threads()
    row = run()["pa_mpjpe"]
    assert row["ratio"] == pytest.approx(row["reference_s"] / row["ours_s"])
    assert "metrics: pa_mpjpe" in capsys.readouterr().out
    assert torch.get_num_threads() == threads


def test_a_fast_wrong_answer_is_not_timed(run, monkeypatch):
    monkeypatch.setattr(speed_metrics, "pa_mpjpe", lambda prediction, target: torch.zeros(len(target)))
    with pytest.raises(RuntimeError, match="differs from the loop"):
        run()


def test_both_are_called_in_turns():
    calls = []
    row = medians(lambda: calls.append("ours"), lambda: calls.append("reference"))
    assert calls == ["ours", "reference"] * (len(calls) // 2)
    assert set(row) == {"ours_s", "reference_s", "ratio"}
