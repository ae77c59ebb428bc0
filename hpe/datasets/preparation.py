"""From official files to a store and its manifest: in parallel, resumable, the same bytes whenever it is done."""

import contextlib
import errno
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from rich.progress import track

from hpe.datasets.fragments import Fragment, made
from hpe.datasets.manifest import Manifest, read_manifest, tells_of
from hpe.datasets.readers.reader import Columns, Reader
from hpe.datasets.schema import SELECTION
from hpe.datasets.store import write_store
from hpe.datasets.worker_pool import worked_on
from hpe.errors import UserError, reason_of
from hpe.files.hashes import file_hash

# What to do about a system's error, by its number.
ADVICE = {
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG): "free some space, or put the data elsewhere with paths.data=FOLDER",
    (errno.EACCES, errno.EPERM, errno.EROFS): "allow it, or put the data elsewhere with paths.data=FOLDER",
}

_log = logging.getLogger(__name__)


def prepare(name: str, reader: Reader, split: str, folder: Path, workers: int) -> None:
    """Make `<split>.h5` and `<split>.manifest.json` in `folder` unless they are there and nothing has changed.

    What was read stays until the store is whole: after an interruption only the rest is read. Raises UserError for
    files that are missing or that the reader does not understand, and for a folder that cannot be written or is full;
    what was there before is then left as it was.
    """
    with alone_in(folder, name, split):
        _prepare(name, reader, split, folder, workers)


@contextlib.contextmanager
def alone_in(folder: Path, name: str, split: str) -> Iterator[None]:
    """While no other process prepares a split in `folder`, which is made; says so where it has to wait for one.

    Raises UserError for what the system refuses in between.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / f".{split}.lock"):
            yield
    except OSError as error:
        advice = next((words for numbers, words in ADVICE.items() if error.errno in numbers), "see to that file")
        reason = f"cannot prepare {name} {split} in {folder.resolve()} ({reason_of(error)})"
        raise UserError(f"{reason}: {advice}") from error


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        _log.info(f"  waiting for another process, which holds {path}")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _prepare(name: str, reader: Reader, split: str, folder: Path, workers: int) -> None:
    unfinished = folder / f".{split}.parts"
    fragments = [Fragment(reader, split, part, unfinished) for part in reader.parts(split)]
    store = folder / f"{split}.h5"
    manifest = read_manifest(store)
    if manifest and manifest.get("keys") == [part.key for part in fragments] and tells_of(manifest, store):
        _log.info(f"  {split}: nothing has changed")
    else:
        unfinished.mkdir(exist_ok=True)
        _read(fragments, workers, f"Reading {name} {split}")
        _write(name, reader, split, folder, unfinished, fragments)
    shutil.rmtree(unfinished, ignore_errors=True)


def _read(fragments: Sequence[Fragment], workers: int, what: str) -> None:
    """Make those fragments that are missing, the others' share of the bar being done."""
    missing = [fragment for fragment in fragments if not fragment.made()]
    if not missing:
        return
    done = len(fragments) - len(missing)
    with worked_on(made, missing, workers) as results:
        for _ in track(results, what, total=len(fragments), completed=done):
            pass


def _write(
    name: str, reader: Reader, split: str, folder: Path, unfinished: Path, fragments: Sequence[Fragment]
) -> None:
    """Make store and manifest in the folder `unfinished`, then put both in place."""
    columns, store, manifest = _joined(fragments), unfinished / f"{split}.h5", unfinished / f"{split}.manifest.json"
    if not len(columns["image"]):
        raise UserError(f"nobody is labelled in {name} {split}, read from {reader.root.resolve()}: fetch it again")
    images = Path(os.path.relpath(reader.root.resolve(), folder.resolve())).as_posix()
    write_store(store, columns, name=name, split=split, joints=reader.joints(split), image_root=images)
    files = dict.fromkeys(file for fragment in fragments for file in fragment.part.files)
    made_of = Manifest(
        data=name,
        split=split,
        people=len(columns["image"]),
        published=reader.published.get(split),
        sequences=_counts(columns["sequence"]),
        selections={key: int(values.sum()) for key, values in columns.items() if key.startswith(SELECTION)},
        files={reader.relative(file): file_hash(file) for file in files},
        keys=[fragment.key for fragment in fragments],
        store=file_hash(store),
        published_selections=_published(reader, split),
    )
    made_of.write(manifest)
    for path in (store, manifest):
        path.replace(folder / path.name)
    beside = "" if made_of.published is None else f" (published: {made_of.published})"
    _log.info(f"  {split}: {made_of.people} people{beside} in {len(made_of.sequences)} sequences")
    for key, number in made_of.published_selections.items():
        _log.info(f"    {key.removeprefix(SELECTION)}: {made_of.selections[key]} (published: {number})")


def _published(reader: Reader, split: str) -> dict[str, int]:
    """Published numbers of a split's selections, by their columns."""
    names = {key.partition(":")[2]: number for key, number in reader.published.items() if key.startswith(f"{split}:")}
    return {f"{SELECTION}{name}": number for name, number in names.items()}


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
