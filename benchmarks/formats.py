"""A table as text and as Markdown; other formats have modules of their own."""

import io
from collections.abc import Callable, Iterable

from rich import box
from rich.console import Console
from rich.table import Table as Ruled

from benchmarks.cells import distances, head, origins, value, words
from benchmarks.flat import as_csv
from benchmarks.latex import as_latex
from benchmarks.layout import WORDS, Block, Cell, Line, Table
from benchmarks.page import as_html
from benchmarks.ties import BEST

# Words are broken into lines of this length, numbers never; `less -S` shows wide tables in a small terminal.
WORDS_WIDTH = 28
UNBROKEN = 10_000
PIPE = r"\|"


def as_text(table: Table) -> str:
    """One ruled table a test set, for a terminal."""
    console = Console(file=io.StringIO(), width=UNBROKEN, markup=False, highlight=False)
    for block in table.blocks:
        console.print(f"{table.title}: {block.name}", _ruled(block), *origins(block), "", sep="\n")
    console.print(*table.footer, sep="\n")
    assert isinstance(console.file, io.StringIO)
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


def _ruled(block: Block) -> Ruled:
    ruled = Ruled(box=box.SIMPLE_HEAD)
    for name in WORDS:
        ruled.add_column(name, max_width=WORDS_WIDTH)
    for column in block.columns:
        ruled.add_column("\n".join(head(column, block)), justify="right", no_wrap=True)
    for line in block.lines:
        ruled.add_row(*words(line, block), *_numbers(line, block, "\n", _text))
    return ruled


def as_markdown(table: Table) -> str:
    """One table a test set."""
    parts = [f"# {table.title}\n"]
    for block in table.blocks:
        heads = [*WORDS, *("<br>".join(head(column, block)) for column in block.columns)]
        rules = ["---"] * len(WORDS) + ["---:"] * len(block.columns)
        rows = [[*words(line, block), *_numbers(line, block, "<br>", _markdown)] for line in block.lines]
        listed = [f"- {origin}" for origin in origins(block)]
        parts += [f"## {block.name}\n", *map(_bar, [heads, rules, *rows]), "", *listed, ""]
    return "\n".join([*parts, *(f"{note}\n" for note in table.footer)])


def _bar(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', PIPE) for cell in cells)} |"


def _text(cell: Cell) -> str:
    return f"{value(cell)} {cell.mark}".strip()


def _markdown(cell: Cell) -> str:
    return f"**{value(cell)}**" if cell.mark == BEST else _text(cell)


def _numbers(line: Line, block: Block, newline: str, first: Callable[[Cell], str]) -> list[str]:
    """The numbers of a row, distances on lines of their own; nothing where it has none."""
    cells = map(line.cells.get, block.columns)
    return [newline.join([first(cell), *distances(cell)]) if cell else "" for cell in cells]


FORMATS: dict[str, Callable[[Table], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "latex": as_latex,
    "csv": as_csv,
    "html": as_html,
}
SUFFIXES = {".txt": "text", ".md": "markdown", ".tex": "latex", ".csv": "csv", ".html": "html"}
