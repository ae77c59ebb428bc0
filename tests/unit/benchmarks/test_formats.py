"""Every table in every format holds the numbers of its sources, and no other."""

import csv
import io
import math

import pytest

from benchmarks.definitions import names
from benchmarks.formats import FORMATS
from benchmarks.published import PATH

PRINTED = ["text", "markdown", "latex", "html"]


@pytest.fixture
def rendered(table):
    return lambda name, layout: FORMATS[layout](table(name))


def flat(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("layout", FORMATS)
@pytest.mark.parametrize("name", names())
def test_every_number_of_a_table_is_printed(name, layout, table):
    made = table(name)
    text = FORMATS[layout](made)
    numbers = [str(cell.number.value) for block in made.blocks for line in block.lines for cell in line.cells.values()]
    assert numbers
    assert all(number in text for number in numbers)


@pytest.mark.parametrize("name", names())
def test_csv_holds_the_published_file_to_the_letter(name, rendered):
    with PATH.open() as file:
        published = list(csv.DictReader(file))
    for row in flat(rendered(name, "csv")):
        source = published[int(row["source"].partition("line ")[2].partition(":")[0]) - 2]
        assert [row[key] for key in ("data set", "method", "metric", "unit", "value", "protocol")] == [
            source[key] for key in ("test_dataset", "method", "metric", "unit", "value", "split_or_protocol")
        ]


def test_csv_holds_measured_numbers_in_full(measure, rendered):
    measure("run", metrics={"mpjpe": 81.23456789, "pa_mpjpe": 50.0, "pve": 97.0}, intervals={"mpjpe": [78.5, 84.5]})
    rows = flat(rendered("pare", "csv"))
    (row,) = (row for row in rows if row["kind"] == "measured" and row["metric"] == "MPJPE")
    assert [row[key] for key in ("value", "low", "high")] == ["81.23456789", "78.5", "84.5"]
    apart = [row for row in rows if row["kind"] == "distance" and row["metric"] == "MPJPE"]
    assert [float(row["value"]) for row in apart] == pytest.approx([81.23456789 - 82.0, 81.23456789 - 74.5])
    assert [row["against row"] for row in apart] == ["1", "2"]
    assert float(apart[0]["half-widths"]) == pytest.approx(0.76543211 / 3)


@pytest.mark.parametrize("layout", PRINTED)
def test_a_measured_number_carries_interval_distance_and_source(layout, measure, rendered):
    measure("run", metrics={"mpjpe": 81.26, "pa_mpjpe": 50.0, "pve": 97.0}, intervals={"mpjpe": [78.52, 84.54]})
    text = rendered("pare", layout).replace("\\", "")
    assert all(word in text for word in ("81.3 [78.5, 84.5]", "#1 -0.7 (0.2 h)", "#2 +6.8 (2.2 h)"))
    assert all(word in text for word in ("outputs/run", "pare_3dpw@1", "commit-hash", "checkpoint-hash"))


@pytest.mark.parametrize("layout", PRINTED)
def test_seeds_are_a_mean_and_a_spread(layout, measure, rendered):
    for seed, mpjpe in enumerate((80.0, 82.0)):
        numbers = {"mpjpe": mpjpe, "pa_mpjpe": 50.0, "pve": 97.0}
        measure(f"run{seed}", seed=seed, metrics=numbers, intervals={"mpjpe": [77.0, 83.0]})
    plus_minus = r"$\pm$" if layout == "latex" else "±"
    assert f"81.0 {plus_minus} 1.4 [77.0, 83.0]" in rendered("pare", layout)


BOLD = {"markdown": "**80.0 [", "latex": r"\textbf{80.0 [", "html": "<b>80.0 [", "text": "best"}


@pytest.mark.parametrize("layout", PRINTED)
@pytest.mark.parametrize(("other", "tie"), [(79.0, True), (120.0, False)])
def test_a_tie_is_marked_and_not_bold(layout, other, tie, measure, rendered):
    for model, mean in (("pare", 80.0), ("mpqa", other)):
        end = {"mpjpe": [mean - 3, mean + 3]}
        metrics = {"mpjpe": mean, "pa_mpjpe": math.nan, "pve": math.nan}
        measure(model, model=model, keep=False, metrics=metrics, intervals=end)
    table = rendered("systems", layout).partition("Errors in mm")[0]
    assert (f"[{other - 3:.1f}, {other + 3:.1f}] tie" in table) is tie
    assert (BOLD[layout] in table) is not tie


@pytest.mark.parametrize("layout", PRINTED)
def test_what_is_undefined_is_a_dash(layout, measure, rendered):
    measure("run", metrics={"mpjpe": 81.2, "pa_mpjpe": 50.0, "pve": math.nan})
    assert "- [" in rendered("pare", layout)
    assert "nan" not in rendered("pare", layout).replace('"nan"', "")


def test_latex_escapes_what_it_would_read(measure, rendered):
    measure("run", overrides=["loss=a_b&c%d", "x=~$#{1}"])
    text = rendered("pare", "latex")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    assert r"loss=a\_b\&c\%d x=\textasciitilde{}\$\#\{1\}" in body


@pytest.mark.parametrize("name", names())
def test_latex_has_as_many_cells_in_each_row(name, rendered):
    for tabular in rendered(name, "latex").split(r"\begin{tabular}{")[1:]:
        columns = len(tabular.partition("}")[0])
        rows = tabular.partition(r"\midrule")[2].partition(r"\bottomrule")[0].strip().splitlines()
        assert {row.replace(r"\&", "").count("&") for row in rows} == {columns - 1}


@pytest.mark.parametrize("name", names())
def test_markdown_has_as_many_cells_in_each_row(name, rendered):
    for section in rendered(name, "markdown").split("\n## ")[1:]:
        rows = [line for line in section.splitlines() if line.startswith("|")]
        assert len({row.replace(r"\|", "").count("|") for row in rows}) == 1


def test_a_bar_in_a_name_does_not_end_a_markdown_cell(measure, rendered):
    measure("run", overrides=["x=a|b"])
    assert r"x=a\|b" in rendered("pare", "markdown")
