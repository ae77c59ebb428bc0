"""Print measured results beside published ones: `python -m benchmarks.table`.

Measured rows are read from the result records of runs, published rows from `published.csv`; none is typed.
"""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from benchmarks.definitions import definition, names
from benchmarks.formats import FORMATS
from benchmarks.published import published
from benchmarks.rows import table_rows
from hpe.errors import UserError
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
        epilog="A run writes its result record (summary.json) itself: python -m hpe.train, python -m hpe.evaluate.",
    )
    parser.add_argument("--table", default="systems", help=f"which table: {', '.join(names())} (default: %(default)s)")
    parser.add_argument(
        "--records", type=Path, default=Path("outputs"), metavar="FOLDER", help="where runs lie (default: %(default)s)"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: %(default)s")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to a file instead of the terminal")
    return parser.parse_args(arguments)


def write(text: str, output: Path | None) -> None:
    """Print a table or write it to a file. Raises UserError where the file cannot be written."""
    if output is None:
        print(text, end="")
        return
    try:
        output.write_text(text)
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror}; give another --output") from None


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code: 2 after an error that the user can mend."""
    try:
        chosen = options(arguments)
        records = find(chosen.records)
        table = definition(chosen.table)
        write(FORMATS[chosen.format](table_rows(table, published(), records), table.title), chosen.output)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if not records:
        print(f"no result record under {chosen.records}: nothing was measured here yet", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
