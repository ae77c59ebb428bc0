"""Bodies from 2D joints alone, refined once more, then scored."""

import json
from pathlib import Path

import pytest
from doors import door_process

pytestmark = pytest.mark.slow


def test_what_is_fitted_can_be_refined_and_scored(data: list[str], tmp_path: Path) -> None:
    # The free body that the tiny set is rendered of; few iterations.
    short = ["minimiser.iterations=20", "hydra.run.dir=first"]
    first = door_process("fit", *data, *short, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "fitted 8 of 8 people" in first.stderr + first.stdout
    again = ["predictions=first/predictions.h5", "fitting=temporal_smplify", "hydra.run.dir=again"]
    second = door_process("fit", *data, *again, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    scored = door_process(
        "evaluate", *data, "predictions=again/predictions.h5", "logger=csv", "hydra.run.dir=scored", cwd=tmp_path
    )
    assert scored.returncode == 0, scored.stderr
    summary = json.loads((tmp_path / "scored/summary.json").read_text())
    assert summary["model"] == "SMPLify, temporal SMPLify"
    assert summary["metrics"]["pa_mpjpe"] < summary["baseline"]["pa_mpjpe"]


def test_predictions_are_not_overwritten(data: list[str], tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/predictions.h5").write_bytes(b"precious")
    refused = door_process("fit", *data, "hydra.run.dir=run", cwd=tmp_path)
    assert refused.returncode == 2
    assert "is not overwritten" in refused.stderr
    assert (tmp_path / "run/predictions.h5").read_bytes() == b"precious"
