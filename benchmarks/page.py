"""A table as one HTML file that loads nothing: a click on a head sorts, a click on a number opens its source."""

from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from benchmarks.cells import distances, head, origins, value, words
from benchmarks.layout import WORDS, Block, Cell, Line, Table
from benchmarks.ties import BEST

TEMPLATE = Path(__file__).with_suffix(".html")


def as_html(table: Table) -> str:
    """One table a test set, in the page of `page.html`."""
    blocks = "\n".join(map(_block, table.blocks))
    footer = "\n".join(f"<p>{escape(note)}</p>" for note in table.footer)
    return Template(TEMPLATE.read_text()).substitute(title=escape(table.title), blocks=blocks, footer=footer)


def _block(block: Block) -> str:
    spans = [(name, len(list(own))) for name, own in groupby(head(column, block)[0] for column in block.columns)]
    groups = "".join(f'<th colspan="{count}">{escape(name)}</th>' for name, count in spans)
    names = [*WORDS, *(head(column, block)[1] for column in block.columns)]
    heads = "".join(f'<th scope="col"><button type="button">{escape(name)}</button></th>' for name in names)
    listed = "".join(f"<li>{escape(origin)}</li>" for origin in origins(block))
    return (
        f'<h2>{escape(block.name)}</h2>\n<table>\n<thead><tr><td colspan="{len(WORDS)}"></td>{groups}</tr>\n'
        f"<tr>{heads}</tr></thead>\n<tbody>\n{_lines(block)}\n</tbody>\n</table>\n<ul>{listed}</ul>"
    )


def _lines(block: Block) -> str:
    return "\n".join(_line(line, block) for line in block.lines)


def _line(line: Line, block: Block) -> str:
    first = "".join(f"<td>{escape(word)}</td>" for word in words(line, block))
    numbers = "".join(map(_cell, map(line.cells.get, block.columns)))
    return f'<tr class="{escape(line.row.kind)}">{first}{numbers}</tr>'


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    first = f"<b>{value(cell)}</b>" if cell.mark == BEST else f"{value(cell)} {cell.mark}".strip()
    shown = "<br>".join([first, *distances(cell)])
    source = "<br>".join(map(escape, cell.number.source))
    return f'<td data-value="{cell.number.value}"><details><summary>{shown}</summary>{source}</details></td>'
