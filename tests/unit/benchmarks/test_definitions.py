import pytest

from benchmarks import definitions
from benchmarks.definitions import definition, names
from benchmarks.published import published
from benchmarks.rows import table_rows
from hpe.errors import UserError


@pytest.mark.parametrize("name", names())
def test_every_table_finds_its_published_rows(name):
    assert len(table_rows(definition(name), published(), {})) >= len(definition(name).entries)


def test_an_unknown_table_is_met_with_help():
    with pytest.raises(UserError, match="did you mean 'systems'"):
        definition("sistems")


@pytest.mark.parametrize("text", ["titel: a", "title: a\nentries: {model: pare}", "- a"])
def test_a_malformed_table_is_named(text, tmp_path, monkeypatch):
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    (tmp_path / "broken.yaml").write_text(text)
    with pytest.raises(UserError, match=r"broken\.yaml") as error:
        definition("broken")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("where", "complaint"),
    [({"method": "PAER"}, "no row with"), ({"metod": "PARE"}, "did you mean 'method'")],
)
def test_an_entry_that_selects_nothing_is_refused(where, complaint):
    table = definition("systems")
    table.entries[0].where = where
    with pytest.raises(UserError, match=complaint):
        table_rows(table, published(), {})
