from dataclasses import replace

import pytest
import torch

from benchmarks import speed_forward

LABEL = "PARE-W32 {}, cpu, float32, batch 2"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A small network, not compiled, which takes a minute."""
    monkeypatch.setattr(speed_forward, "SYSTEM", ["model=pare", "backbone=small", "model.resolution=64"])
    monkeypatch.setattr(speed_forward, "CPU", replace(speed_forward.CPU, batch=2, side=64))
    monkeypatch.setattr(speed_forward, "compile_networks", lambda system, batch_size: None)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def test_both_ways_have_seconds_a_ratio_and_a_share_of_the_peak(capsys):
    rows = speed_forward.forward()
    assert list(rows) == [LABEL.format("ready"), LABEL.format("compiled")]
    for row in rows.values():
        assert row["ratio"] == pytest.approx(row["reference_s"] / row["ours_s"])
        assert row["of_peak"] > 0
    assert "bfloat16 on a GPU: skipped, there is none" in capsys.readouterr().out


def test_a_fast_wrong_answer_is_not_timed(monkeypatch):
    def careless(system, memory_format):
        torch.nn.init.zeros_(system.head.part_map.weight)
        return system

    monkeypatch.setattr(speed_forward, "ready", careless)
    with pytest.raises(RuntimeError, match="ready: part_logits differ from the plain network's by"):
        speed_forward.forward()
