"""`python -m hpe.runs sync`: Weights & Biases runs that were kept offline, brought to the server."""

import argparse
import sys
from pathlib import Path

from hpe.errors import UserError
from hpe.explain import explain
from hpe.runs.offline import OfflineRun, find_offline, sync

NOT_SYNCED, USER_ERROR = 1, 2


def options(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser("python -m hpe.runs", description="What to do with runs once they are there.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    syncing = commands.add_parser(
        "sync",
        help="bring offline Weights & Biases runs to the server",
        description="Brings the Weights & Biases runs that were kept offline to the server, each once: those of "
        "finished runs, which have a summary.json. Exit code 0 where all are there, 1 where some are not, 2 for an "
        "error that you can mend, such as no key.",
    )
    syncing.add_argument("folder", nargs="?", type=Path, default=Path("outputs"), help="default: %(default)s")
    syncing.add_argument("--unfinished", action="store_true", help="also those that failed, and any that still run")
    syncing.add_argument("--dry-run", action="store_true", help="say what would be synced")
    return parser.parse_args(arguments)


def sync_runs(chosen: argparse.Namespace) -> int:
    """Sync, and say what was done; returns the exit code."""
    waiting = [run for run in find_offline(chosen.folder) if not run.synced]
    due = [run for run in waiting if chosen.unfinished or run.finished]
    if left := len(waiting) - len(due):
        print(f"{left} of unfinished runs wait for their end, or for --unfinished")
    if not due:
        print(f"nothing to sync under {chosen.folder}")
        return 0
    if chosen.dry_run:
        print(f"{len(due)} to sync:", *(run.file.parent for run in due), sep="\n  ")
        return 0
    return _report(due, sync(due))


def _report(due: list[OfflineRun], failed: list[OfflineRun]) -> int:
    print(f"{len(due) - len(failed)} of {len(due)} synced")
    if failed:
        print("error: not synced:", *(run.file.parent for run in failed), sep="\n  ", file=sys.stderr)
    return NOT_SYNCED if failed else 0


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    try:
        return sync_runs(options(arguments))
    except (UserError, OSError) as error:
        print(f"error: {explain(error) or error}", file=sys.stderr)
        return USER_ERROR


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
