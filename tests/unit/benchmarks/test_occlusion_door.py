"""What a user can do wrong is one line; exit code 2."""

import sys

import pytest

from benchmarks.occlusion.__main__ import main


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Exit code, standard output and standard error of the command in an empty folder."""

    def run(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HYDRA_FULL_ERROR", "")
        monkeypatch.setattr(sys, "argv", ["occlusion", *arguments])
        try:
            main()
        except SystemExit as stopped:
            return stopped.code, *capsys.readouterr()
        return 0, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sensitivty"], "no command is called 'sensitivty'; did you mean 'sensitivity'?"),
        (["sensitivity"], "no checkpoint under"),
        (["sensitivity", "model=mpqa"], "no checkpoint of model mpqa under"),
        (["sensitivity", "checkpoint=[a.ckpt,b.ckpt]"], "sensitivity looks at one system"),
        (["sensitivity", "checkpoint=none.ckpt"], "no checkpoint none.ckpt"),
        (["sensitivity", "chekpoint=a"], "chekpoint"),
        (["sensitivity", "windows_at_once=0"], "windows_at_once=0: it must be at least 1"),
        (["curves", "sizes=[2]"], "sizes=[2]: sizes are shares"),
        (["curves", "area_to=0.33"], "area_to=0.33: the area ends at an edge of a bin"),
    ],
)
def test_what_is_wrong_is_one_line(run, arguments, words):
    code, _, said = run(*arguments)
    assert code == 2
    assert words in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["sensitivity", "curves"])
def test_each_command_has_help_of_its_own(run, command):
    code, printed, _ = run(command, "--help")
    assert code == 0
    assert f"python -m benchmarks.occlusion {command} [GROUP=CHOICE ...]" in printed


def test_without_a_command_it_names_both(run):
    code, printed, _ = run()
    assert code == 0
    assert "sensitivity" in printed
    assert "curves" in printed
