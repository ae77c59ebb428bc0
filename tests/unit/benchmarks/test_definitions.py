"""Definitions of tables: known, well formed, with help where they are not."""

import pytest

from benchmarks import definitions
from benchmarks.definitions import definition
from hpe.errors import UserError


def test_an_unknown_table_is_met_with_help():
    with pytest.raises(UserError, match="did you mean 'systems'"):
        definition("sistems")


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Reads a table of this text."""
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)

    def read(text):
        (tmp_path / "broken.yaml").write_text(text)
        return definition("broken")

    return read


HEAD = "title: a\ndatasets: {}\nentries: []\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("titel: a", "titel"),
        ("title: a\nentries: {model: pare}", "is no table"),
        ("- a", "is no table"),
        ("title: [a", "is no table"),
        ("title: a", "datasets"),
        (HEAD + "metrics: [MPJE]", "metrics has 'MPJE'; did you mean 'MPJPE'"),
        (HEAD + "runs: {modle: pare}", "runs has 'modle'; did you mean 'model'"),
    ],
)
def test_a_malformed_table_is_named(text, fault, broken):
    with pytest.raises(UserError, match=rf"broken\.yaml.*{fault}") as error:
        broken(text)
    assert "\n" not in str(error.value)


def test_a_table_shows_joints_and_vertices_by_default(broken):
    assert broken(HEAD).metrics == ["MPJPE", "PA-MPJPE", "PVE"]
