"""From official files to a store and its manifest: in parallel, resumable, the same bytes whenever it is done."""

import json
import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from rich.progress import track

from hpe.datasets.fragments import Fragment, make_all
from hpe.datasets.readers.reader import Columns, Reader
from hpe.datasets.schema import SELECTION
from hpe.datasets.store import write_store
from hpe.errors import UserError
from hpe.files.hashes import file_hash

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manifest:
    """What a store was made from, and how many people are in it.

    `published` is the number that the data set's authors or users give, `files` are hashes (SHA-256) of what was
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

    def write(self, path: Path) -> None:
        """Write it as JSON, whole or not at all."""
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(asdict(self), indent=2) + "\n")
        unfinished.replace(path)


def prepare(name: str, reader: Reader, split: str, folder: Path, workers: int) -> None:
    """Make `<split>.h5` and `<split>.manifest.json` in `folder` unless they are there and nothing has changed.

    What was read stays until the store is whole: after an interruption only the rest is read. Raises UserError for
    files that are missing or that the reader does not understand; what was there before is then left as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f".{split}.lock"):
        unfinished = folder / f".{split}.parts"
        fragments = [Fragment(reader, split, part, unfinished) for part in reader.parts(split)]
        if _keys(folder, split) == [fragment.key for fragment in fragments]:
            _log.info(f"  {split}: nothing has changed")
            return
        unfinished.mkdir(exist_ok=True)
        made = make_all(fragments, workers)
        done = list(track(made, f"Reading {name} {split}", total=len(fragments)))
        _write(name, reader, split, folder, done)
        shutil.rmtree(unfinished)


def _keys(folder: Path, split: str) -> list[str] | None:
    """The keys of the parts that a finished store was made of."""
    manifest = folder / f"{split}.manifest.json"
    if not manifest.is_file() or not (folder / f"{split}.h5").is_file():
        return None
    found: Any = json.loads(manifest.read_text())
    return list(found["keys"])


def _write(name: str, reader: Reader, split: str, folder: Path, fragments: Sequence[Fragment]) -> None:
    columns, path = _joined(fragments), folder / f"{split}.h5"
    images = Path(os.path.relpath(reader.root.resolve(), folder.resolve())).as_posix()
    (folder / f"{split}.manifest.json").unlink(missing_ok=True)
    write_store(path, columns, name=name, split=split, joints=reader.joints(split), image_root=images)
    manifest = Manifest(
        data=name,
        split=split,
        people=len(columns["image"]),
        published=reader.published.get(split),
        sequences=_counts(columns["sequence"]),
        selections={key: int(values.sum()) for key, values in columns.items() if key.startswith(SELECTION)},
        files={reader.relative(file): file_hash(file) for one in fragments for file in one.part.files},
        keys=[fragment.key for fragment in fragments],
        store=file_hash(path),
    )
    manifest.write(folder / f"{split}.manifest.json")
    beside = "" if manifest.published is None else f" (published: {manifest.published})"
    _log.info(f"  {split}: {manifest.people} people{beside} in {len(manifest.sequences)} sequences")


def _joined(fragments: Sequence[Fragment]) -> Columns:
    """The columns of all parts, one after another. Raises UserError where parts differ in what they hold."""
    tables = [fragment.columns() for fragment in fragments]
    for fragment, table in zip(fragments, tables, strict=True):
        if differing := tables[0].keys() ^ table.keys():
            raise UserError(f"{fragment.part.name} and {fragments[0].part.name} differ in column '{min(differing)}'")
    return {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}


def _counts(names: np.ndarray) -> dict[str, int]:
    unique, counts = np.unique(names, return_counts=True)
    return dict(zip(unique.tolist(), counts.tolist(), strict=True))
