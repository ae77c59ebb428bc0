"""`python -m hpe.protocol`: what it prints, and one line with exit code 2 for whatever is wrong."""

from pathlib import Path

import pytest
from hand_made import predictions, small_body, store

from hpe.config import config_folder
from hpe.protocol import main

MINE = (config_folder() / "protocol/pare_3dpw.yaml").read_text()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A prediction store, its data store, and bodies that need no licensed file."""
    bodies = {gender: small_body(seed) for seed, gender in enumerate(("neutral", "male", "female"))}
    monkeypatch.setattr("hpe.protocol.known_bodies", lambda *_: bodies)
    data = store(tmp_path)
    return [str(predictions(data).write(tmp_path / "predictions.h5")), "--data", str(data.path)]


def test_list_has_every_card(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    assert all(path.stem in printed for path in (config_folder() / "protocol").glob("*.yaml"))


def test_show_says_where_a_card_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "pare_3dpw"]) == 0
    assert "PARE (Kocabas et al., ICCV 2021)" in capsys.readouterr().out


def test_diff_shows_the_fields_that_differ_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "csa_3dpw", "pare_3dpw"]) == 0
    rows = [line.split("│")[1].strip() for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    assert rows == ["frames", "gt_gender"]


def test_diff_says_what_each_difference_moves(kept: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "spin_3dpw", "mmhuman3d_3dpw", *kept]) == 0
    rows = {
        line.split("│")[1].strip(): line.split("│")[2:5] for line in capsys.readouterr().out.splitlines() if "│" in line
    }
    first, moved, last = (float(rows[name][0]) for name in ("spin_3dpw", "root", "mmhuman3d_3dpw"))
    assert first + moved == pytest.approx(last, abs=0.15)
    assert rows["box_source"][0].strip() == "-"


def test_a_card_and_itself_are_one_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "pare_3dpw", "pare_3dpw"]) == 0
    assert "are one protocol" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required"),
        (["shw"], "invalid choice: 'shw'"),
        (["show", "pare_3dwp"], "no protocol is called 'pare_3dwp'; did you mean 'pare_3dpw'?"),
        (["show", "none.yaml"], "none.yaml cannot be read"),
        (["diff", "pare_3dpw"], "required: NAME"),
        (["diff", "pare_3dpw", "vibe_3dpw", "none.h5"], "no predictions none.h5"),
        (["diff", "pare_3dpw", "vibe_3dpw", "summary.json"], "no result record summary.json"),
        (["show", "mine.yaml"], "mine.yaml: root is 'midhp'; did you mean 'midhip'?"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(MINE.replace("root: h36m0", "root: midhp", 1))
    assert main(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


def test_without_the_data_nothing_can_be_moved(kept: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "pare_3dpw", "vibe_3dpw", kept[0]]) == 2
    assert "the store of 3dpw test is not at hand; give --data STORE" in capsys.readouterr().err
