import csv
import io
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from hpe.cli import config_folder
from hpe.metrics.card import ProtocolCard
from hpe.runs.records import Record

CLONE = Path(__file__).parents[3]
CARD = ProtocolCard.read(config_folder() / "protocol/synthetic.yaml")


def run(*arguments):
    command = [sys.executable, "-m", "benchmarks.table", *map(str, arguments)]
    return subprocess.run(command, cwd=CLONE, capture_output=True, text=True)


def measure(folder, data):
    folder.mkdir(parents=True)
    Record(
        metrics={"mpjpe": 151.234, "pa_mpjpe": 98.7, "pve": 170.1},
        baseline={"mpjpe": 240.0, "pa_mpjpe": 120.0, "pve": 280.0},
        seconds={},
        model="pare",
        data=data,
        split="test",
        seed=3,
        samples=500,
        sequences=20,
        card=asdict(CARD),
        card_hash=CARD.hash,
        command="python -m hpe.train",
    ).write(folder)


def rows(records):
    return list(csv.DictReader(io.StringIO(run("--records", records, "--format", "csv").stdout)))


def test_without_records_it_says_so_and_prints_what_is_published(tmp_path):
    answer = run("--records", tmp_path)
    assert answer.returncode == 0
    assert "no result record under" in answer.stderr
    assert "not measured here" in answer.stdout
    assert {row["kind"] for row in rows(tmp_path)} == {"primary", "secondary"}


def test_a_synthetic_result_stands_apart_from_real_data(tmp_path):
    measure(tmp_path / "run", "synthetic")
    (found,) = (row for row in rows(tmp_path) if row["kind"] == "measured")
    assert (found["data set"], found["MPJPE"]) == ("synthetic", "151.234")
    assert found["source"] == str(tmp_path / "run")
    assert all(row["measured"] == "not measured here" for row in rows(tmp_path) if row["data set"] == "3DPW")


def test_a_result_on_real_data_stands_with_its_published_rows(tmp_path):
    measure(tmp_path / "run", "3dpw")
    pare = [row for row in rows(tmp_path) if row["data set"] == "3DPW" and row["method"].lower().startswith("pare")]
    assert [row["measured"] for row in pare] == ["1 run, below", "1 run, below", "500 samples"]


@pytest.mark.parametrize("name", ["text", "markdown", "latex"])
def test_every_format_prints_measured_and_published_numbers(name, tmp_path):
    measure(tmp_path / "run", "synthetic")
    printed = run("--records", tmp_path, "--format", name).stdout
    assert all(number in printed for number in ("151.2", "82.0", "93.97"))


def test_output_goes_to_a_file(tmp_path):
    answer = run("--records", tmp_path, "--format", "markdown", "--output", tmp_path / "table.md")
    assert answer.stdout == ""
    assert (tmp_path / "table.md").read_text().startswith("# Five systems")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--table", "sistems"], "did you mean 'systems'"),
        (["--records", "nowhere"], "no folder nowhere"),
        (["--format", "word"], "invalid choice: 'word'"),
        (["--output", "nowhere/table.md"], "cannot write nowhere/table.md"),
    ],
)
def test_an_error_is_one_line_and_exit_code_2(arguments, complaint, tmp_path):
    answer = run("--records", tmp_path, *arguments)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_malformed_record_is_named(tmp_path):
    (tmp_path / "summary.json").write_text("{}")
    answer = run("--records", tmp_path)
    assert answer.returncode == 2
    assert "summary.json" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_help_names_tables_and_formats():
    answer = run("--help")
    assert answer.returncode == 0
    assert all(word in answer.stdout for word in ("systems", "markdown", "--records", "--output"))
