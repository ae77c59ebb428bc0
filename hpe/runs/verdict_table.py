"""The verdict on released weights, on the console."""

import math
from collections.abc import Sequence

from rich import print as show
from rich.markup import escape
from rich.table import Table

from hpe.runs.table import LABELS, ends, number
from hpe.runs.verdict import Verdict


def print_verdict(verdict: Verdict, doubts: Sequence[str]) -> None:
    """Print published and measured numbers, their gaps, what was decided and why, and what is in doubt."""
    table = Table("mm", title=f"{verdict.row.name}: {escape(verdict.row.source)}")
    for name in verdict.gaps:
        table.add_column(LABELS.get(name, name), justify="right")
    gaps = verdict.gaps.values()
    table.add_row("published", *(number(gap.published) for gap in gaps))
    table.add_row("measured", *(number(gap.measured) for gap in gaps))
    table.add_row("95 % interval", *(ends((gap.low, gap.high)) for gap in gaps))
    table.add_row("gap", *(_signed(gap.gap) for gap in gaps))
    table.add_row("gap, half-widths", *(_signed(gap.half_widths) for gap in gaps))
    table.add_row("agrees", *("yes" if gap.agrees else "no" for gap in gaps))
    show(table)
    for name in verdict.not_measured:
        show(f"{LABELS.get(name, name)} {verdict.row.numbers[name]:g} is published but not measured by this protocol")
    for doubt in doubts:
        show(f"doubt: {escape(doubt)}")
    show(f"[bold]{verdict.verdict}[/bold]: {escape(verdict.why)}")


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.2f}"
