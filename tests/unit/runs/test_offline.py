"""Offline W&B runs are found, and go to the server once, by wandb's own command."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hpe.runs import offline
from hpe.runs.__main__ import main


def keep(outputs: Path, name: str, finished: bool = True) -> Path:
    """A run that W&B kept; returns its file."""
    file = outputs / f"train/{name}/wandb/offline-run-20260101_000000-{name}/run-{name}.wandb"
    file.parent.mkdir(parents=True)
    file.touch()
    if finished:
        (outputs / f"train/{name}/summary.json").touch()
    return file


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the files that reached the server; `lost` never does."""
    reached: set[str] = set()

    def wandb_sync(command: list[str], **_: Any) -> None:
        assert command[1:4] == ["-m", "wandb", "sync"]
        for folder in map(Path, command[4:]):
            for file in folder.glob("*.wandb"):
                if "lost" not in file.name:
                    reached.add(file.name)
                    file.with_name(f"{file.name}.synced").touch()

    monkeypatch.setenv("WANDB_API_KEY", "secret")
    monkeypatch.setattr(offline, "check_server", lambda: None)
    monkeypatch.setattr(subprocess, "run", wandb_sync)
    return reached


def test_finished_runs_are_synced_once(tmp_path: Path, server: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path, "first")
    keep(tmp_path, "second")
    assert main(["sync", str(tmp_path)]) == 0
    assert server == {"run-first.wandb", "run-second.wandb"}
    assert capsys.readouterr().out == "2 of 2 synced\n"
    assert main(["sync", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"nothing to sync under {tmp_path}\n"


def test_a_run_that_may_go_on_waits(tmp_path: Path, server: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    keep(tmp_path, "killed", finished=False)
    assert main(["sync", str(tmp_path)]) == 0
    assert not server
    assert "1 of unfinished runs wait" in capsys.readouterr().out
    assert main(["sync", str(tmp_path), "--unfinished"]) == 0
    assert server == {"run-killed.wandb"}


def test_a_dry_run_lists(tmp_path: Path, server: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    file = keep(tmp_path, "first")
    assert main(["sync", str(tmp_path), "--dry-run"]) == 0
    assert not server
    assert capsys.readouterr().out == f"1 to sync:\n  {file.parent}\n"


def test_what_does_not_arrive_is_named(tmp_path: Path, server: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    lost = keep(tmp_path, "lost")
    keep(tmp_path, "first")
    assert main(["sync", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == "1 of 2 synced\n"
    assert said.err == f"error: not synced:\n  {lost.parent}\n"


def test_without_a_key_one_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    keep(tmp_path, "first")
    assert main(["sync", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "error: no key for Weights & Biases: run wandb login, or set WANDB_API_KEY\n"


def test_a_missing_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync", str(tmp_path / "nowhere")]) == 2
    assert (
        capsys.readouterr().err
        == f"error: no folder {tmp_path}/nowhere to look for runs in; runs are kept under outputs/\n"
    )


def test_a_server_that_cannot_be_reached_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WANDB_API_KEY", "secret")
    monkeypatch.setenv("WANDB_BASE_URL", "http://127.0.0.1:9")
    keep(tmp_path, "first")
    assert main(["sync", str(tmp_path)]) == 2
    assert re.fullmatch(r"error: http://127.0.0.1:9 does not answer \(.*refused\): sync .*\n", capsys.readouterr().err)
