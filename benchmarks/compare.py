"""Two systems on the same people, apart by how much of a person is hidden: `python -m benchmarks.compare pare hmr`."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table

from hpe.errors import UserError, did_you_mean
from hpe.metrics.comparison import PERSON, Comparison, Spread, compare
from hpe.runs.loading import load

METRICS = ("mpjpe", "pa_mpjpe", "pve", "mpjpe_visible", "mpjpe_occluded")


@dataclass(frozen=True)
class Line:
    """A metric of some people: each system's mean over people, with its spread over runs, and how they compare."""

    metric: str
    people: str
    first: Spread
    second: Spread
    apart: Comparison


def lines(errors: pd.DataFrame, first: str, second: str, hidden: float) -> Iterator[Line]:
    """One line a metric and group of people: everybody, and those of whom at least or less than `hidden` is hidden.

    A person's error is meaned over the runs of a model. Raises UserError for a model without runs, for runs under
    several protocols, and where the two are not of the same people.
    """
    one, other = (_of(errors, model) for model in (first, second))
    if pd.concat([one, other])["protocol_hash"].nunique() > 1:
        raise UserError("these runs are scored by several protocols, whose numbers are different: narrow --runs")
    for people, (a, b) in {
        "everybody": (one, other),
        f"{hidden:.0%} or more hidden": tuple(side[side["occlusion"] >= hidden] for side in (one, other)),
        f"less than {hidden:.0%} hidden": tuple(side[side["occlusion"] < hidden] for side in (one, other)),
    }.items():
        for metric in METRICS:
            if len(a) and len(b) and metric in a and metric in b:
                apart = compare(_over_runs(a), _over_runs(b), metric)
                yield Line(metric, people, _spread(a[metric], a["run"]), _spread(b[metric], b["run"]), apart)


def _spread(errors: "pd.Series[float]", run: "pd.Series[str]") -> Spread:
    return Spread.of(errors.groupby(run).mean().tolist())


def _over_runs(errors: pd.DataFrame) -> pd.DataFrame:
    """The errors of each person, meaned over runs."""
    return errors.groupby(PERSON).mean(numeric_only=True).reset_index()


def _of(errors: pd.DataFrame, model: str) -> pd.DataFrame:
    found = errors[errors["model"] == model]
    if found.empty:
        raise UserError(f"no run of a model '{model}'; {did_you_mean(model, set(errors['model']))}")
    return found


def table(found: Iterator[Line], first: str, second: str) -> Table:
    """The lines as a table."""
    made = Table(caption="difference: first less second, 95 % interval over sequences; ± over runs; mm")
    for name in ("metric", "people", "number", first, second, "difference", "interval", "p", ""):
        made.add_column(name)
    for line in found:
        apart = line.apart
        made.add_row(
            line.metric,
            line.people,
            str(apart.samples),
            *(f"{side.mean:.1f} ± {side.deviation:.1f} ({side.runs})" for side in (line.first, line.second)),
            f"{apart.difference:+.1f}",
            f"[{apart.low:+.1f}, {apart.high:+.1f}]",
            f"{apart.p_value:.3f}",
            "tie" if apart.tie else f"{first if apart.difference < 0 else second} is better",
        )
    return made


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code: 2 after an error that the user can mend."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("first", help="model.name of the runs of one system")
    parser.add_argument("second", help="and of another")
    parser.add_argument("--runs", default="outputs/**", metavar="GLOB", help="run folders (default: %(default)s)")
    parser.add_argument(
        "--hidden", type=float, metavar="SHARE", default=0.25, help="share of joints (default: %(default)s)"
    )
    chosen = parser.parse_args(arguments)
    try:
        found = lines(load(chosen.runs), chosen.first, chosen.second, chosen.hidden)
        Console().print(table(found, chosen.first, chosen.second))
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
