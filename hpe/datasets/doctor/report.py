"""The doctor's report: a table on the console, and the same as JSON beside the store."""

import json
from dataclasses import asdict
from pathlib import Path

from rich import print as show
from rich.markup import escape
from rich.table import Table

from hpe.datasets.doctor.examination import Findings, failed
from hpe.datasets.doctor.finding import Verdict
from hpe.datasets.store import Store
from hpe.files.hashes import file_hash
from hpe.files.whole import write_whole

COLOURS = {Verdict.SOUND: "green", Verdict.NOTE: "yellow", Verdict.FAULT: "red", Verdict.NOT_CHECKED: "dim"}


def print_findings(store: Store, found: Findings) -> None:
    """Print a row a check: verdict, what was found, and the first example."""
    table = Table("check", "verdict", "what was found", "first example", title=f"{store.name} {store.split}")
    for name, finding in found.items():
        verdict = f"[{COLOURS[finding.verdict]}]{finding.verdict}[/]"
        table.add_row(name, verdict, escape(finding.found), escape(next(iter(finding.examples), "")))
    show(table)


def write_findings(store: Store, found: Findings) -> Path:
    """Write `<split>.check.json` beside the store, whole or not at all, and return its path."""
    path = store.path.with_name(f"{store.split}.check.json")
    checks = {name: asdict(finding) for name, finding in found.items()}
    said = {"data": store.name, "split": store.split, "people": len(store), "store": file_hash(store.path)}
    return write_whole(path, json.dumps(said | {"sound": not failed(found), "checks": checks}, indent=2) + "\n")
