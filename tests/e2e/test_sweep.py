"""A multirun through submitit's local launcher ends in one table."""

import re
from pathlib import Path

import pandas as pd
import pytest
from doors import SHORT, door_process


@pytest.mark.slow
def test_a_sweep_over_models_and_seeds_ends_in_mean_and_spread(data: list[str], tmp_path: Path) -> None:
    overrides = [*data, *SHORT, "trainer.max_epochs=1", "hydra.sweep.dir=sweep"]
    finished = door_process("train", "-m", "model=hmr,mpqa", "seed=0,1", *overrides, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    table = pd.read_csv(tmp_path / "sweep/sweep.csv", header=[0, 1], index_col=0)
    assert list(table.index) == ["hmr", "mpqa"]
    assert (table[("mpjpe", "count")] == 2).all()
    assert re.search(r"mpqa .* ± ", finished.stdout)
