import pytest

from hpe.errors import UserError
from hpe.sweeps.failures import tell


def test_a_users_error_is_one_line_and_a_bug_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert str(tell(UserError("no file here"))) == "error: no file here"
    assert capsys.readouterr().err == "error: no file here\n"
    assert str(tell(KeyError("joints"))) == "KeyError: 'joints'"
    assert "KeyError: 'joints'" in capsys.readouterr().err
