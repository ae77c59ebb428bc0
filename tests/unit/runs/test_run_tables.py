import math
from dataclasses import asdict, replace

import pytest

from hpe.config import config_folder
from hpe.errors import UserError
from hpe.metrics.card import ProtocolCard
from hpe.runs.records import Record
from hpe.runs.table import print_result, sweep_table

CARD = ProtocolCard.read(config_folder() / "protocol/synthetic.yaml")


def record(mpjpe=100.0, seed=0, card=CARD, **changes):
    values = {
        "metrics": {"mpjpe": mpjpe, "pa_mpjpe": 60.0, "pve": math.nan, "mpjpe_visible": 0.9 * mpjpe},
        "baseline": {"mpjpe": 200.0, "pa_mpjpe": 100.0, "pve": 250.0},
        "seconds": {},
        "model": "hmr",
        "data": "synthetic",
        "split": "test",
        "samples": 500,
        "sequences": 20,
        "card": asdict(card),
        "card_hash": card.hash,
        "command": "python -m hpe.train",
        "overrides": [f"seed={seed}"],
    }
    return Record(seed=seed, **values | changes)


def test_a_result_stands_beside_its_baseline(capsys):
    print_result(record(undefined={"pve": 500, "mpjpe": 0}, skipped=["broken.jpg"]))
    printed = capsys.readouterr().out
    rows = {line.split()[1]: line.split() for line in printed.splitlines() if "│" in line}
    assert "100.0" in rows["hmr"]
    assert "200.0" in rows["mean"]
    assert "50.0" in rows["ratio,"]
    assert "-" in rows["hmr"]
    assert "500 without PVE" in " ".join(printed.split())
    assert "1 pictures skipped" in " ".join(printed.split())


def test_a_baseline_of_zero_has_no_ratio(capsys):
    print_result(record(baseline={"mpjpe": 0.0, "pa_mpjpe": 0.0, "pve": 0.0}))
    ratios = next(line for line in capsys.readouterr().out.splitlines() if "ratio" in line)
    assert [cell.strip() for cell in ratios.split("│")[2:5]] == ["-"] * 3


def test_seeds_of_one_configuration_are_one_row(capsys):
    table = sweep_table([record(90.0, 0), record(110.0, 1)])
    assert list(table.index) == ["hmr"]
    assert table.loc["hmr", "mpjpe"].tolist() == pytest.approx([100.0, 200**0.5, 2.0])
    assert "100.0 ± 14.1" in capsys.readouterr().out


def test_configurations_are_told_apart_by_what_differs():
    runs = [
        record(mpjpe, seed, model=model, overrides=[f"model={model}", "trainer.max_epochs=3", f"seed={seed}"])
        for model, mpjpe in (("hmr", 100.0), ("mpqa", 90.0))
        for seed in (0, 1)
    ]
    table = sweep_table(runs)
    assert table.index.names == ["model"]
    assert table["mpjpe", "mean"].to_dict() == {"hmr": 100.0, "mpqa": 90.0}


def test_an_override_of_some_runs_only_is_a_column_of_its_own():
    table = sweep_table([record(), record(80.0, overrides=["loss.joints3d.weight=5"])])
    assert table["mpjpe", "mean"].to_dict() == {"": 100.0, "5": 80.0}


def test_two_protocols_never_share_a_column():
    with pytest.raises(UserError, match="root: 'smpl0' and 'smpl_midhip'"):
        sweep_table([record(), record(card=replace(CARD, root="smpl_midhip"))])


def test_a_single_run_has_no_spread(capsys):
    assert sweep_table([record()])["mpjpe", "std"].isna().all()
    assert "±" not in capsys.readouterr().out.splitlines()[4]
