"""Does a PA-MPJPE do what the field agrees on? `python -m benchmarks.conformance --callable module:function --unit mm`.

The vectors lie in conformance.json, so that they can be run in any language.
"""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import torch
from jaxtyping import Float
from rich import print as show
from rich.markup import escape
from rich.table import Table

from benchmarks.conformance_cases import FILE
from benchmarks.conformance_findings import MILLIMETRES, UNCHANGED, Finding, Function, examine, in_words
from hpe.errors import UserError
from hpe.metrics import pose


def ours(prediction: Float[np.ndarray, "people joints 3"], target: Float[np.ndarray, "people joints 3"]) -> np.ndarray:
    """This project's PA-MPJPE [people] in metres, as an example of what the kit can be given."""
    return pose.pa_mpjpe(torch.from_numpy(prediction), torch.from_numpy(target)).numpy()


def load(name: str) -> Function:
    """The function named `package.module:function`; the current directory is searched too.

    Raises UserError where there is no such module or function.
    """
    module, colon, function = name.partition(":")
    if not (module and colon and function):
        raise UserError(f"--callable {name}: write it as package.module:function")
    sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), function, None)
    except (Exception, SystemExit) as error:  # whatever somebody else's module does when it is imported
        raise UserError(f"--callable {name}: importing {module} failed: {in_words(error)}") from error
    if not callable(found):
        raise UserError(f"--callable {name}: {module} has no function '{function}'")
    return found


def report(findings: Sequence[Finding]) -> bool:
    """Print a row a property, with the first fault of each; returns whether all of them hold."""
    table = Table("property", "holds", "off by, mm", "first fault")
    titles = dict.fromkeys(finding.title for finding in findings)
    for title in sorted(titles, key=UNCHANGED.__eq__):
        found = [finding for finding in findings if finding.title == title]
        faults = [finding.fault for finding in found if finding.fault]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        table.add_row(title, "no" if faults else "yes", _largest(found), escape(f"{faults[0]}{more}" if faults else ""))
    show(table)
    return not any(finding.fault for finding in findings)


def _largest(findings: Sequence[Finding]) -> str:
    largest = max((finding.difference for finding in findings), key=lambda value: (np.isnan(value), value))
    return "-" if np.isnan(largest) else f"{largest:.1g}"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        raise UserError(f"{message}; see python -m benchmarks.conformance --help")


def options(arguments: list[str]) -> argparse.Namespace:
    """Options of the command line. Raises UserError for a wrong one."""
    parser = _Parser(
        prog="python -m benchmarks.conformance",
        description="Run the vectors of conformance.json against a PA-MPJPE and print which properties hold.",
        epilog="The function is given NumPy arrays: prediction and target [people joints 3] in metres. "
        "Exit code: 0 where all properties hold, 1 where one does not, 2 for bad input.",
    )
    name = "benchmarks.conformance:ours"
    parser.add_argument("--callable", required=True, metavar="MODULE:FUNCTION", help=f"such as {name}")
    parser.add_argument("--unit", required=True, choices=MILLIMETRES, help="what the function returns: metres or mm")
    parser.add_argument(
        "--returns",
        choices=("samples", "mean"),
        default="samples",
        help="one value a person, or one mean over all (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    try:
        chosen = options(arguments)
        function = load(chosen.callable)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    cases = json.loads(FILE.read_text())["cases"]
    findings = [found for case in cases for found in examine(function, case, chosen.unit, chosen.returns)]
    return 0 if report(findings) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
