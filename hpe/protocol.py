"""The protocols by which results are measured: `python -m hpe.protocol list | show NAME | diff A B [FILE ...]`."""

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from omegaconf import OmegaConf
from rich import print as show
from rich.table import Table

from hpe.cli import USER_ERROR
from hpe.config import config_folder
from hpe.errors import UserError, did_you_mean
from hpe.metrics.card import ProtocolCard, differences
from hpe.runs.at_hand import data_store, known_bodies, read_predictions
from hpe.scoring.protocol_effects import Effects, Means, Sight
from hpe.scoring.summary import METRICS

EPILOG = """examples:
  python -m hpe.protocol diff pare_3dpw vibe_3dpw
  python -m hpe.protocol diff pare_3dpw vibe_3dpw predictions.h5 --data data/3dpw/test.h5
  python -m hpe.protocol diff spin_3dpw pare_3dpw RUN1/summary.json RUN2/summary.json"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        raise UserError(f"{message}; see python -m hpe.protocol --help")


def options(arguments: list[str]) -> argparse.Namespace:
    """Options of the command line. Raises UserError for a wrong one."""
    parser = _Parser(
        prog="python -m hpe.protocol",
        description="Protocol cards: what they fix, what differs between two of them, and how many mm that moves.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="list | show | diff")
    commands.add_parser("list", help="all cards")
    one = commands.add_parser("show", help="every field of a card, and where it comes from")
    one.add_argument("name", metavar="NAME", help="a card, or a YAML file of your own")
    two = commands.add_parser("diff", help="the fields in which two cards differ, and what each one moves")
    two.add_argument("names", nargs=2, metavar="NAME", help="two cards")
    two.add_argument("files", nargs="*", type=Path, metavar="FILE", help="predictions.h5, or summary.json beside one")
    two.add_argument("--data", type=Path, metavar="STORE", help="the data store, unless a run says which it read")
    two.add_argument(
        "--smpl", type=Path, default=Path("data/smpl"), metavar="FOLDER", help="SMPL files (default: %(default)s)"
    )
    return parser.parse_args(arguments)


def find_card(name: str) -> ProtocolCard:
    """The card of that name, or in that YAML file. Raises UserError for an unknown one."""
    if name.endswith(".yaml"):
        return ProtocolCard.read(Path(name))
    known = {path.stem: path for path in (config_folder() / "protocol").glob("*.yaml")}
    if name not in known:
        raise UserError(f"no protocol is called '{name}'; {did_you_mean(name, known)}")
    return ProtocolCard.read(known[name])


def list_cards(chosen: argparse.Namespace) -> None:
    """Print name, hash and title of every card; a star where something is in doubt."""
    table = Table("protocol", "hash", "what it is")
    for path in sorted((config_folder() / "protocol").glob("*.yaml")):
        card = ProtocolCard.read(path)
        table.add_row(f"{card.name}@{card.version}", card.hash, card.title + " *" * bool(card.doubt))
    show(table)
    print("* something about it is in doubt: python -m hpe.protocol show NAME says what")


def show_card(chosen: argparse.Namespace) -> None:
    """Print every field of a card."""
    card = find_card(chosen.name)
    print(f"# {card}\n{OmegaConf.to_yaml(OmegaConf.create(asdict(card)))}", end="")


def show_differences(chosen: argparse.Namespace) -> None:
    """Print the fields that differ, and what each of them moves on every file of predictions."""
    a, b = map(find_card, chosen.names)
    sights = []
    for file in chosen.files:
        predictions = read_predictions(file)
        store = data_store(file, predictions, chosen.data)
        sights.append((file, Sight(predictions, store, known_bodies(predictions, chosen.smpl)).effects(a, b)))
    table = Table("field", str(a), str(b))
    for name, values in differences(a, b).items():
        table.add_row(name, *(", ".join(value) if isinstance(value, tuple) else str(value) for value in values))
    show(table if table.rows else f"{a} and {b} are one protocol")
    for file, found in sights:
        show_effects(file, found, a.name, b.name)


def show_effects(file: Path, found: Effects, a: str, b: str) -> None:
    """Print how far each difference alone moves the means of one file of predictions."""
    table = Table("", *METRICS.values(), "", title=f"{file}, mm")
    table.add_row(a, *_cells(found.first, "{:.1f}"))
    for effect in found.single:
        table.add_row(effect.name, *_cells(effect.moved, "{:+.1f}"), effect.reason)
    total = {name: found.second[name] - found.first[name] for name in METRICS}
    table.add_row("all together", *_cells(total, "{:+.1f}"))
    table.add_row(b, *_cells(found.second, "{:.1f}"))
    show(table)
    for name, reason in found.aside.items():
        print(f"{name} is the same in both here: {reason}")


def _cells(means: Means, form: str) -> Sequence[str]:
    """A cell a metric; a dash where it is undefined."""
    values = [means.get(name, float("nan")) for name in METRICS]
    return [form.format(value) if value == value else "-" for value in values]


COMMANDS = {"list": list_cards, "show": show_card, "diff": show_differences}


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code: 2 after an error that the user can mend."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        chosen = options(arguments)
        COMMANDS[chosen.command](chosen)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return USER_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
