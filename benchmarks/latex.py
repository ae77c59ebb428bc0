"""A table as LaTeX: a `tabular` with the rules of booktabs."""

from collections.abc import Iterable
from itertools import groupby

from benchmarks.cells import distances, head, origins, value, words
from benchmarks.layout import WORDS, Block, Cell, Table
from benchmarks.ties import BEST

ESCAPES = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"±": r"$\pm$", "<": "$<$", ">": "$>$"}
)


def as_latex(table: Table) -> str:
    r"""One `tabular` a test set, its sources and the notes as comments. Needs `\usepackage{booktabs}`."""
    notes = [f"% {note}" for note in table.footer]
    return "\n".join([f"% {table.title}", *map(_tabular, table.blocks), *notes]) + "\n"


def _tabular(block: Block) -> str:
    columns = "l" * len(WORDS) + "r" * len(block.columns)
    rows = [
        [*map(_escaped, words(line, block)), *map(_cell, map(line.cells.get, block.columns))] for line in block.lines
    ]
    names = map(_escaped, [*WORDS, *(head(column, block)[1] for column in block.columns)])
    comments = [f"% {origin}" for origin in origins(block)]
    top = [f"% {block.name}", rf"\begin{{tabular}}{{{columns}}}", r"\toprule", _groups(block), _row(names), r"\midrule"]
    return "\n".join([*top, *map(_row, rows), r"\bottomrule", r"\end{tabular}", *comments, ""])


def _groups(block: Block) -> str:
    """The line over the heads: each group spans its columns."""
    spans = [(name, len(list(own))) for name, own in groupby(head(column, block)[0] for column in block.columns)]
    return _row([""] * len(WORDS) + [rf"\multicolumn{{{count}}}{{c}}{{{_escaped(name)}}}" for name, count in spans])


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    first = _escaped(value(cell))
    first = rf"\textbf{{{first}}}" if cell.mark == BEST else f"{first} {cell.mark}".strip()
    rest = list(map(_escaped, distances(cell)))
    return r"\shortstack[r]{" + r" \\ ".join([first, *rest]) + "}" if rest else first


def _row(cells: Iterable[str]) -> str:
    return f"{' & '.join(cells)} \\\\"


def _escaped(text: str) -> str:
    return text.translate(ESCAPES)
