"""A table of results as text, Markdown, LaTeX or CSV."""

import io
from collections.abc import Callable, Iterator

import pandas as pd
from rich.console import Console
from rich.table import Table

from hpe.runs.records import METRICS
from hpe.runs.table import number

# Narrower, ten columns break within words; `less -S` shows the tables in a small terminal.
WIDTH = 160


def as_csv(rows: pd.DataFrame, title: str) -> str:
    """All rows, flat, with full sources; the title is left out."""
    return rows.to_csv(index=False)


def as_text(rows: pd.DataFrame, title: str) -> str:
    """One ruled table a data set, for a terminal."""
    console = Console(file=io.StringIO(), width=WIDTH)
    console.print(f"{title}. Errors in mm.", highlight=False)
    for name, body, sources in _sections(rows):
        table = Table(title=name, title_justify="left")
        for column in body:
            table.add_column(str(column), justify="right" if column in METRICS.values() else "left")
        for row in body.itertuples(index=False):
            table.add_row(*row)
        console.print(table)
        console.print("\n".join(sources), highlight=False, markup=False, soft_wrap=True)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def as_markdown(rows: pd.DataFrame, title: str) -> str:
    """One table a data set."""
    lines = [f"# {title}", "", "Errors in mm."]
    for name, body, sources in _sections(rows):
        lines += ["", f"## {name}", "", _bar(body.columns), _bar("---" for _ in body)]
        lines += [_bar(row) for row in body.itertuples(index=False)]
        lines += ["", *(f"- {source}" for source in sources)]
    return "\n".join(lines) + "\n"


def _bar(cells: "pd.Index[str] | Iterator[str] | tuple[str, ...]") -> str:
    return f"| {' | '.join(cells)} |"


def as_latex(rows: pd.DataFrame, title: str) -> str:
    """One `tabular` with booktabs rules a data set, sources as comments."""
    parts = [f"% {title}. Errors in mm.\n"]
    for name, body, sources in _sections(rows):
        comments = "".join(f"% {line}\n" for line in (name, *sources))
        parts.append(comments + body.style.hide(axis="index").format(escape="latex").to_latex(hrules=True))
    return "\n".join(parts)


def _sections(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, list[str]]]:
    """Name, printable cells and numbered sources of each data set."""
    for name, section in rows.groupby("data set", sort=False):
        sources = list(dict.fromkeys(section["source"]))
        places = {source: f"[{place}]" for place, source in enumerate(sources, start=1)}
        body = section.drop(columns="data set").assign(source=section["source"].map(places))
        measured = section["kind"] == "measured"
        for metric in METRICS.values():
            # A published number keeps the digits that its source gives.
            body[metric] = (
                section[metric].map(number).where(measured | section[metric].isna(), section[metric].map(str))
            )
        yield str(name), body, [f"{place} {source}" for source, place in places.items()]


FORMATS: dict[str, Callable[[pd.DataFrame, str], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "latex": as_latex,
    "csv": as_csv,
}
