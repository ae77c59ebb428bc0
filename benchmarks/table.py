"""Print measured results beside published ones: `python -m benchmarks.table --table pare`.

Measured rows are read from the result records of runs, published rows from `published.csv`; none is typed.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from benchmarks.definitions import definition, names
from benchmarks.formats import FORMATS, SUFFIXES
from benchmarks.layout import laid_out
from benchmarks.measured import measured_rows
from benchmarks.published import published
from benchmarks.quoted import quoted_rows
from hpe.errors import UserError
from hpe.explain import explain
from hpe.runs.records import find


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        raise UserError(f"{message}; see python -m benchmarks.table --help")


def options(arguments: list[str]) -> argparse.Namespace:
    """Options of the command line. Raises UserError for a wrong one."""
    parser = _Parser(
        prog="python -m benchmarks.table",
        description="Print results measured here beside published ones, apart by data set and protocol.",
        epilog="Runs leave their result records (summary.json): python -m hpe.train, python -m hpe.evaluate. "
        "Example: --table 3dpw --output 3dpw.html makes a page that sorts, and shows the source of every number.",
    )
    parser.add_argument("--table", default="systems", help=f"which table: {', '.join(names())} (default: %(default)s)")
    parser.add_argument(
        "--records", type=Path, default=Path("outputs"), metavar="FOLDER", help="where runs lie (default: %(default)s)"
    )
    parser.add_argument("--format", choices=FORMATS, help="default: by the name of the output file, else text")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to a file instead of the terminal")
    return parser.parse_args(arguments)


def write(text: str, output: Path | None) -> None:
    """Print a table, or write it to a file, whole or not at all. Raises UserError where that cannot be done."""
    if output is None:
        print(text, end="")
        return
    unfinished = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        unfinished.write_text(text)
        unfinished.replace(output)
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror}; give another --output") from None
    finally:
        unfinished.unlink(missing_ok=True)


def run(chosen: argparse.Namespace) -> None:
    """Print or write one table, and say where nothing was measured for it."""
    table = definition(chosen.table)
    measured = measured_rows(table, find(chosen.records))
    text = FORMATS[_format(chosen)](laid_out(table, quoted_rows(table, published()), measured))
    write(text, chosen.output)
    if not measured:
        print(f"no result record of this table under {chosen.records}: nothing was measured here yet", file=sys.stderr)


def _format(chosen: argparse.Namespace) -> str:
    return chosen.format or (SUFFIXES.get(chosen.output.suffix, "text") if chosen.output else "text")


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code: 2 after an error that the user can mend."""
    try:
        run(options(arguments))
    except (UserError, OSError) as error:
        print(f"error: {explain(error) or error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
