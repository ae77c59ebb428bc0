"""A sweep through submitit: two jobs of four fail, the rest end in one table; later, only what is missing is done."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from doors import SHORT, door_process

pytestmark = pytest.mark.slow
# Published MPQA's head does not fit the small backbone, which a job finds out by itself.
GRID = ["model=hmr", "head=iterative,mpqa", "seed=0,1", "trainer.max_epochs=1", "hydra.launcher.array_parallelism=2"]


def ledger(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "jobs.json").read_text())


def test_a_sweep_outlives_a_failed_job_and_goes_on_later(data: list[str], tmp_path: Path) -> None:
    grid = [*SHORT, *GRID, *data]
    finished = door_process("train", "-m", *grid, "hydra.sweep.dir=first", cwd=tmp_path)
    assert finished.returncode == 1, finished.stderr
    assert [one["state"] for one in ledger(tmp_path / "first")] == ["done", "done", "failed", "failed"]
    assert "channels=480" in ledger(tmp_path / "first")[2]["said"][-1]
    assert re.search(r"hmr .* ± ", finished.stdout)
    table = pd.read_csv(tmp_path / "first/sweep.csv", header=[0, 1], index_col=0)
    assert table.loc["hmr", ("mpjpe", "count")] == 2
    records = {path: path.read_bytes() for path in (tmp_path / "outputs/runs").glob("*/summary.json")}

    refused = door_process("train", "-m", *grid, cwd=tmp_path)
    assert refused.returncode == 2
    assert "2 finished of the 4 runs are in" in refused.stderr.splitlines()[-1]
    assert not list(tmp_path.glob("outputs/sweeps/*"))

    again = [one.replace("iterative,mpqa", "iterative") for one in grid]
    resumed = door_process("train", "-m", *again, "resume=true", "hydra.sweep.dir=second", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    assert [(one["action"], one["reason"]) for one in ledger(tmp_path / "second")] == 2 * [("skip", "finished")]
    assert re.search(r"hmr .* ± ", resumed.stdout)
    assert {path: path.read_bytes() for path in (tmp_path / "outputs/runs").glob("*/summary.json")} == records


def test_a_dry_run_prints_grid_and_forecast_and_leaves_nothing(data: list[str], tmp_path: Path) -> None:
    dry = door_process("train", "+sweep=heads", *data, "dry_run=true", cwd=tmp_path)
    assert dry.returncode == 0, dry.stderr
    assert "9 jobs: 9 run" in dry.stdout
    assert "forecast: none, as no run of these parts" in dry.stdout
    alone = door_process("train", *data, "model=hmr", "dry_run=true", cwd=tmp_path)
    assert alone.returncode == 0, alone.stderr
    assert "  name: hmr" in alone.stdout
    assert not [path for path in (tmp_path / "outputs").rglob("*") if path.is_file()]
