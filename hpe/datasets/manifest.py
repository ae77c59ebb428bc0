"""What a store was made from, written beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hpe.files.hashes import file_hash


@dataclass(frozen=True)
class Manifest:
    """What a store was made from, and how many people are in it.

    `published`, and `published_selections` by the columns of `selections`, are the numbers that the data set's authors
    or users give, `files` are hashes (SHA-256) of what was
    read by names relative to the data set's folder, `keys` tell whether a part has changed.
    """

    data: str
    split: str
    people: int
    published: int | None
    sequences: Mapping[str, int]
    selections: Mapping[str, int]
    files: Mapping[str, str]
    keys: Sequence[str]
    store: str
    published_selections: Mapping[str, int] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


def read_manifest(store: Path) -> dict[str, Any] | None:
    """What the manifest beside a store says; None where there is none, or it is not one."""
    path = store.with_suffix(".manifest.json")
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def tells_of(manifest: dict[str, Any] | None, store: Path) -> bool:
    """Whether a store is there and is the one that the manifest was written for."""
    return manifest is not None and store.is_file() and manifest.get("store") == file_hash(store)
