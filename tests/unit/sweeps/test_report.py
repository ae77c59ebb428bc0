"""The end of a sweep: its tables, what failed, and the exit code."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd
import pytest
from omegaconf import DictConfig
from planned import job

from hpe.errors import Carried
from hpe.metrics.card import ProtocolCard
from hpe.runs.records import Record
from hpe.sweeps.ledger import write_ledger
from hpe.sweeps.report import SweepTable


def leave(run: Path, card: ProtocolCard, seed: int = 0, mpjpe: float = 100.0) -> Path:
    metrics = {"mpjpe": mpjpe, "pa_mpjpe": 60.0, "pve": 120.0}
    run.mkdir()
    data = ("hmr", "synthetic", "test", seed, 500, 20)
    Record(metrics, metrics, {}, *data, asdict(card), card.hash, "command", overrides=[f"seed={seed}"]).write(run)
    return run


def conclude(folder: Path) -> None:
    SweepTable().on_multirun_end(DictConfig({"hydra": {"sweep": {"dir": str(folder)}}}))


def test_runs_in_the_pool_are_found_by_the_ledger_and_counted_once(tmp_path: Path, card: ProtocolCard) -> None:
    sweep = tmp_path / "sweep"
    sweep.mkdir()
    runs = [leave(tmp_path / f"run{seed}", card, seed, 90.0 + 20 * seed) for seed in (0, 1)]
    write_ledger(sweep, [job(run, number, state="done") for number, run in enumerate([*runs, runs[0]])])
    conclude(sweep)
    table = pd.read_csv(sweep / "sweep.csv", header=[0, 1], index_col=0)
    assert table.loc["hmr", "mpjpe"].tolist() == pytest.approx([100.0, 200**0.5, 2.0])


def test_what_failed_is_told_and_is_the_exit_code(
    tmp_path: Path, card: ProtocolCard, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = job(tmp_path / "none", 1, state="failed", said=["Traceback", "KeyError: 'joints'"])
    write_ledger(tmp_path, [job(leave(tmp_path / "run", card), state="done"), failed])
    with pytest.raises(SystemExit) as stopped:
        conclude(tmp_path)
    assert stopped.value.code == 1
    printed = capsys.readouterr().out
    assert "seed=1" in printed
    assert "KeyError: 'joints'" in printed
    assert (tmp_path / "sweep.csv").is_file()


def test_a_sweep_over_protocols_ends_in_a_table_each(tmp_path: Path, card: ProtocolCard) -> None:
    for number, root in enumerate(["smpl0", "smpl_midhip"]):
        leave(tmp_path / str(number), replace(card, root=root))
    conclude(tmp_path)
    tables = [pd.read_csv(path, header=[0, 1], index_col=0) for path in tmp_path.glob("sweep_*.csv")]
    assert [len(table) for table in tables] == [1, 1]


def test_a_record_that_is_broken_gets_past_hydra(tmp_path: Path, card: ProtocolCard) -> None:
    run = leave(tmp_path / "run", card)
    (run / "summary.json").write_text(json.dumps({"model": "hmr"}))
    with pytest.raises(Carried):
        conclude(tmp_path)
