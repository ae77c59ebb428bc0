from pathlib import Path

import pytest
import submitit

from hpe.errors import UserError
from hpe.sweeps.failures import last_words, tell


def test_a_users_error_is_one_line_and_a_bug_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert str(tell(UserError("no file here"))) == "error: no file here"
    assert capsys.readouterr().err == "error: no file here\n"
    assert str(tell(KeyError("joints"))) == "KeyError: 'joints'"
    assert "KeyError: 'joints'" in capsys.readouterr().err


def handle(folder: Path, *logs: str) -> submitit.LocalJob:
    for number, log in enumerate(logs):
        (folder / f"7_{number}_log.err").write_text(log)
    return submitit.LocalJob(folder, "7", tuple(range(len(logs))))


def test_the_last_words_are_those_of_the_task_that_failed(tmp_path: Path) -> None:
    bug = "warning\nTraceback\n  somewhere\n    a line\nKeyError: 'joints'\n\n"
    assert last_words(handle(tmp_path, "waits\n", bug)) == ["  somewhere", "    a line", "KeyError: 'joints'"]
    assert last_words(handle(tmp_path, "warning\nerror: disk full\n")) == ["error: disk full"]


def test_a_job_that_said_nothing_was_ended_from_outside(tmp_path: Path) -> None:
    assert last_words(handle(tmp_path, "waits\n")) == [
        "waits",
        "ended without a word of its own: killed, or short of memory?",
    ]
    assert len(last_words(submitit.LocalJob(tmp_path, "none"))) == 1
