"""The command: what it prints, where, and one line for a mistake."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import formats, table
from benchmarks.definitions import names
from benchmarks.table import main

CLONE = Path(__file__).parents[3]


@pytest.fixture
def outputs(tmp_path):
    """An empty folder of runs."""
    folder = tmp_path / "outputs"
    folder.mkdir()
    return folder


@pytest.fixture
def run(outputs, capsys):
    """Exit code, standard output and standard error of the command."""
    return lambda *arguments: (main(["--records", str(outputs), *map(str, arguments)]), *capsys.readouterr())


@pytest.mark.slow
def test_it_runs_as_a_module(outputs):
    command = [sys.executable, "-m", "benchmarks.table", "--table", "pare", "--records", str(outputs)]
    done = subprocess.run(command, cwd=CLONE, capture_output=True, text=True)
    assert done.returncode == 0
    assert "82.0" in done.stdout


@pytest.mark.parametrize("name", names())
def test_without_records_it_says_so_and_prints_what_is_published(name, run):
    code, printed, said = run("--table", name)
    assert code == 0
    assert "no result record of this table under" in said
    assert "not measured here" in printed


def test_with_records_it_prints_them(measure, run, outputs):
    outputs.rmdir()
    measure("run", mean=81)
    code, printed, said = run("--table", "pare")
    assert (code, said) == (0, "")
    assert "pare, seed 0" in printed


@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("a.md", "# PARE"),
        ("a.html", "<!doctype html>"),
        ("a.tex", "% PARE"),
        ("a.csv", "data set,"),
        ("a.txt", "PARE:"),
    ],
)
def test_a_file_has_the_format_of_its_name(file, start, run, tmp_path):
    code, printed, _ = run("--table", "pare", "--output", tmp_path / file)
    assert (code, printed) == (0, "")
    assert (tmp_path / file).read_text().startswith(start)


def test_a_format_that_is_asked_for_wins(run, tmp_path):
    run("--table", "pare", "--output", tmp_path / "a.html", "--format", "csv")
    assert (tmp_path / "a.html").read_text().startswith("data set,")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--table", "sistems"], "did you mean 'systems'"),
        (["--records", "nowhere"], "no folder nowhere"),
        (["--format", "word"], "invalid choice: 'word'"),
        (["--output", "nowhere/table.md"], "cannot write nowhere/table.md"),
        (["--tabel", "pare"], "unrecognized arguments"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments, complaint, run):
    code, printed, said = run(*arguments)
    assert (code, printed) == (2, "")
    assert complaint in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(("file", "text"), [("summary.json", "{}"), ("summary.json", "{"), ("errors.parquet", "PAR")])
def test_a_bad_record_is_named_and_nothing_is_written(file, text, measure, run, outputs, tmp_path):
    outputs.rmdir()
    folders = [measure("run"), measure("other", mean=81, model="mpqa")]
    (folders[0] / file).write_text(text)
    code, printed, said = run("--output", tmp_path / "table.md")
    assert (code, printed) == (2, "")
    assert str(folders[0] / file) in said
    assert len(said.splitlines()) == 1
    assert list(tmp_path.glob("*table.md*")) == []


def test_a_write_that_fails_leaves_the_old_file(run, tmp_path, monkeypatch):
    old = tmp_path / "table.md"
    old.write_text("old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    code, _, said = run("--output", old)
    assert (code, old.read_text()) == (2, "old")
    assert "No space left" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outputs", "table.md"]


def test_help_names_tables_and_formats(capsys):
    with pytest.raises(SystemExit) as left:
        table.options(["--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(word in said for word in (*names(), *formats.FORMATS, "--records", "--output"))
