"""A trial to look at: curves, tables in every format, a sheet of the occluders, and a summary on the terminal."""

from pathlib import Path

import pandas as pd
from rich import print as show
from rich.table import Table

from benchmarks.formats import FORMATS, SUFFIXES
from benchmarks.occlusion.kept import Result
from benchmarks.occlusion.numbers import ALL, AREA, CLEAR, LESS
from benchmarks.occlusion.plots import draw_curves
from benchmarks.occlusion.provenance import write_text
from benchmarks.occlusion.sheet import Picture, sheet
from benchmarks.occlusion.tables import table
from hpe.rendering.overlay import save_picture
from hpe.runs.table import number
from hpe.scoring.summary import METRICS

FILES = (".md", ".csv", ".html", ".txt")


def report(run: Path, result: Result) -> None:
    """Write all pictures and tables into the run folder, and print the areas of the first metric."""
    title = f"{result.store.name} {result.store.split} under occlusion"
    for metric in result.card.metrics:
        path, words = run / f"curves_{metric}.png", f"{METRICS[metric]} on {title}, {result.card}"
        draw_curves(path, result.numbers, metric, result.config.fewest, words)
    made = table(result.numbers, list(result.models), result.card, result.store.name, title)
    for suffix in FILES:
        write_text(run / f"table{suffix}", FORMATS[SUFFIXES[suffix]](made))
    picture = _sheet(result)
    if picture is not None:
        save_picture(run / "occluders.png", picture)
    summarise(result)


def _sheet(result: Result) -> Picture | None:
    """A person for each kind, spread over those who were shown."""
    people = result.trial.shown["row"].drop_duplicates().tolist()
    chosen = people[:: max(1, len(people) // len(result.kinds))]
    return sheet(result.models[0], result.store, chosen, result.kinds, result.config.sizes, result.config.seed)


def summarise(result: Result) -> None:
    """Print the areas of the first metric by group, and the differences from the first system."""
    metric = result.card.metrics[0]
    found = result.numbers[result.numbers["metric"] == metric]
    to = f"{100 * result.config.area_to:g} %"
    names = [model.name for model in result.models]
    others = list(found.loc[found["table"] == LESS, "model"].unique())
    output = Table("mm", title=f"{METRICS[metric]}: area from nothing to {to} of the person hidden [95 % interval]")
    for name in (*names, *others):
        output.add_column(name, justify="right")
    clear = found[(found["table"] == CLEAR) & (found["group"] == ALL)]
    output.add_row(CLEAR, *(_said(clear[clear["model"] == name]) for name in names), *[""] * len(others))
    areas = found[found["table"].isin((AREA, LESS))]
    for group in areas["group"].unique():
        own = areas[areas["group"] == group]
        output.add_row(group, *(_said(own[own["model"] == name]) for name in (*names, *others)))
    show(output)
    left = {words.replace("_", " "): count for words, count in result.left_out().items() if count}
    for words, count in left.items():
        print(f"{count} {words}")


def _said(some: pd.DataFrame) -> str:
    """Mean and interval of one number, and whether it is a tie."""
    one = some.iloc[0]
    words = f"{number(one['mean'])} \\[{number(one['low'])}, {number(one['high'])}]"
    return f"{words} tie" if one["tie"] else words
