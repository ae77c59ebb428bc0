"""Exit codes and messages of the doors; only the user's own errors become one line."""

import errno
import sys

import pytest
from hydra.errors import InstantiationException

from hpe.cli import run_program
from hpe.errors import Carried, Preempted, UserError
from hpe.explain import explain
from hpe.processes import SaidElsewhere


def failing(error: BaseException) -> None:
    raise error


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYDRA_FULL_ERROR", "")
    monkeypatch.setattr(sys, "argv", ["train"])


def test_a_users_error_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run_program(lambda: failing(UserError("no file here")))
    assert stopped.value.code == 2
    assert capsys.readouterr().err == "error: no file here\n"


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["train", "debug=true"])
    with pytest.raises(UserError, match="no file here"):
        run_program(lambda: failing(UserError("no file here")))


@pytest.mark.parametrize("error", [KeyError("joints"), FileNotFoundError("x"), InstantiationException("x")])
def test_a_bug_keeps_its_traceback(error: Exception) -> None:
    error.__cause__ = TypeError("a bug")
    with pytest.raises(type(error)):
        run_program(lambda: failing(error))


def test_a_fault_carried_past_hydra_is_told_apart_from_a_bug() -> None:
    carried = Carried()
    carried.__cause__ = FileNotFoundError("x")
    with pytest.raises(FileNotFoundError):
        run_program(lambda: failing(carried))


def test_ctrl_c_exits_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run_program(lambda: failing(KeyboardInterrupt("resume with: this")))
    assert stopped.value.code == 130
    assert "interrupted; resume with: this" in capsys.readouterr().err


def test_our_own_words_come_before_those_of_a_library() -> None:
    wrapped = InstantiationException("Error in call to target")
    wrapped.__cause__ = UserError("crop and backbone do not fit")
    assert explain(wrapped) == "crop and backbone do not fit"


def test_a_full_disk_is_explained_by_its_number() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "best.ckpt")
    assert "no space left on the disk for best.ckpt" in str(explain(full))


@pytest.mark.parametrize("error", [KeyboardInterrupt("resume with: this"), Preempted()])
def test_processes_that_lightning_started_leave_the_talking_to_the_first(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    with pytest.raises(SystemExit) as stopped:
        run_program(lambda: failing(error))
    assert stopped.value.code == 0
    assert capsys.readouterr().err == ""


def test_a_fault_that_another_process_tells_of_is_not_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    carried = Carried()
    carried.__cause__ = SaidElsewhere("no file here")
    with pytest.raises(SystemExit) as stopped:
        run_program(lambda: failing(carried))
    assert stopped.value.code == 0
    assert capsys.readouterr().err == ""
