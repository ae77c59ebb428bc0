"""Whether jobs wait, run or have ended, asked of a process table and of a `squeue` of our own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import submitit

from hpe.errors import UserError
from hpe.sweeps.attempts import Attempt
from hpe.sweeps.clusters import standings, still_at_it
from hpe.sweeps.local import Survivor
from hpe.sweeps.slurm import slurm_states


@pytest.fixture
def squeue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that says what is written into the file beside it."""
    program = tmp_path / "squeue"
    program.write_text(f"#!/bin/sh\ncat {tmp_path}/says\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path / "says"


def handles(*jobs: str, folder: Path) -> list[submitit.Job]:
    return [submitit.SlurmJob(folder, number) for number in jobs]


def test_slurm_is_asked_once_for_all(squeue: Path, tmp_path: Path) -> None:
    squeue.write_text("12_0 RUNNING\n12_1 PENDING\n12_2 FAILED\n13 COMPLETING\n")
    found = standings(handles("12_0", "12_1", "12_2", "13", "14", folder=tmp_path))
    assert found == {"12_0": "running", "12_1": "pending", "12_2": "ended", "13": "running", "14": "ended"}


def test_no_answer_is_no_end(squeue: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert standings(handles("12", folder=tmp_path)) == {}
    assert "says" in caplog.text
    with pytest.raises(UserError, match="SLURM does not say whether job 12 still runs"):
        still_at_it(tmp_path, Attempt("slurm", "12", 1, "logs"))


def test_no_slurm_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="no squeue here"):
        slurm_states()


def test_a_job_that_a_lost_sweep_left_is_found_again(squeue: Path, tmp_path: Path) -> None:
    squeue.write_text("12_1 RUNNING\n")
    attempt = Attempt("slurm", "12_1", 2, str(tmp_path / "%j"))
    handle = still_at_it(tmp_path, attempt)
    assert handle is not None
    assert (handle.job_id, handle.num_tasks) == ("12_1", 2)
    assert handle.task(1).paths.stderr == tmp_path / "12_1/12_1_1_log.err"
    squeue.write_text("")
    assert still_at_it(tmp_path, attempt) is None


def test_a_stranger_that_has_taken_over_the_number_of_a_process_is_not_it() -> None:
    assert Survivor(os.getpid()).poll() == 0
    named = [sys.executable, "-c", "input()", "submitit"]
    with subprocess.Popen(named, stdin=subprocess.PIPE) as process:
        assert Survivor(process.pid).poll() is None
    assert Survivor(process.pid).poll() == 0
