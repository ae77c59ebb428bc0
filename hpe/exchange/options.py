"""The command line of `python -m hpe.exchange`."""

import argparse
from pathlib import Path
from typing import NoReturn

from hpe.errors import UserError
from hpe.exchange.matching import WAYS
from hpe.exchange.plain import UNITS
from hpe.joints import joint_set_names
from hpe.scoring.predictions import FILE_NAME

LAYOUTS = ("npz", "pare", "3dpw-challenge", "agora", "emdb")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        raise UserError(f"{message}; see python -m hpe.exchange --help")


def options(arguments: list[str]) -> argparse.Namespace:
    """Options of the command line, `command` among them. Raises UserError for a wrong one."""
    parser = _Parser(prog="python -m hpe.exchange", description="Predictions of others in, ours out.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="import | export | smooth | means")
    _import_options(commands.add_parser("import", help="others' files into a prediction store"))
    _export_options(commands.add_parser("export", help="a prediction store into a layout that others read"))
    _smooth_options(commands.add_parser("smooth", help="a prediction store over the frames of its videos, one-euro"))
    means = commands.add_parser("means", help="print 4D-Humans' eval_regression.csv in the names of our tables")
    means.add_argument("file", type=Path)
    return parser.parse_args(arguments)


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help=".npz, or .pkl of pickle or joblib")
    parser.add_argument("--data", type=Path, required=True, metavar="STORE", help="data store they are predictions of")
    parser.add_argument("--model", required=True, metavar="NAME", help="the system that made them")
    parser.add_argument("--body", default="smpl", help="body that rotations are of (default: %(default)s)")
    parser.add_argument("--joints", choices=joint_set_names(), metavar="SET", help="import joints too: of this set")
    parser.add_argument("--unit", choices=UNITS, default="m", help="of the joints (default: %(default)s)")
    parser.add_argument("--sequence", metavar="NAME", help="the video that they are of (default: a file's folder)")
    parser.add_argument("--by", choices=WAYS, help="how to match people (default: image where named, else ids)")
    parser.add_argument("--people", type=people, metavar="TRACK=PERSON,...", help="the data's number for each track")
    parser.add_argument("--partial", action="store_true", help="import those that match where others do not")
    parser.add_argument("--output", type=Path, default=Path(FILE_NAME), metavar="FILE", help="default: %(default)s")


def _export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("predictions", type=Path, nargs="+", metavar="PREDICTIONS", help="3dpw-challenge takes several")
    parser.add_argument(
        "--data", type=Path, metavar="STORE", help="data store that they are about (all but 3dpw-challenge)"
    )
    parser.add_argument("--truth", type=Path, metavar="FOLDER", help="3DPW's sequenceFiles, or EMDB's root")
    parser.add_argument(
        "--focal-length", type=positive, metavar="PIXELS", help="of full pictures, for pare's translation"
    )
    parser.add_argument("--smpl", type=Path, default=Path("data/smpl"), metavar="FOLDER", help="default: %(default)s")
    parser.add_argument("--output", type=Path, required=True, metavar="PATH", help="file or folder to write")


def _smooth_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("predictions", type=Path, metavar="PREDICTIONS")
    parser.add_argument(
        "--min-cutoff", type=positive, default=0.004, metavar="F", help="per frame (default: %(default)s)"
    )
    parser.add_argument(
        "--beta", type=not_negative, default=1.0, metavar="B", help="per radian a frame (default: %(default)s)"
    )
    parser.add_argument("--legacy", action="store_true", help="rotations alone, entry by entry, as PARE does")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="prediction store to write")


def people(text: str) -> dict[int, int]:
    """Tracks to persons out of "3=0,7=1"; argparse turns the ValueError of anything else into one line.

    >>> people("3=0,7=1")
    {3: 0, 7: 1}
    """
    return {int(track): int(person) for track, person in (pair.split("=") for pair in text.split(","))}


def positive(text: str) -> float:
    """A number above 0; argparse turns the ValueError of anything else into one line."""
    if not 0 < (number := float(text)) < float("inf"):
        raise ValueError(text)
    return number


def not_negative(text: str) -> float:
    """A number from 0 on, in the same way."""
    return 0.0 if float(text) == 0 else positive(text)
