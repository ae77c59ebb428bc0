"""From files of motions to one store of them: in parallel, resumable, the same bytes whenever it is done."""

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from rich.progress import track

from hpe.datasets.fragments import Fragment, made
from hpe.datasets.motion_store import write_motions
from hpe.datasets.preparation import Manifest
from hpe.datasets.readers.reader import Columns, Reader
from hpe.datasets.sources import Source
from hpe.datasets.worker_pool import worked_on
from hpe.errors import UserError
from hpe.files.hashes import file_hash

# The one split of motions, and the name of their store.
SPLIT = "motions"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MotionSource(Source):
    """Motions without pictures: `motions.h5` in `root`, of what `reader` reads. No split of a run is in it."""

    def prepare(self, workers: int) -> None:
        """Make the store of motions. Raises UserError where files are missing or are none."""
        if self.reader is None:
            raise UserError(f"data set {self.name} has no reader: write motions.h5 into {self.root}; {self.obtain}")
        prepare_motions(self.name, self.reader, Path(self.root).expanduser(), workers)


class MotionFragment(Fragment):
    """The motions of a part."""

    def read(self) -> Columns:
        """As the reader has them."""
        return self.reader.read(self.split, self.part)


def prepare_motions(name: str, reader: Reader, folder: Path, workers: int) -> None:
    """Make `motions.h5` and `motions.manifest.json` in `folder` unless they are there and nothing has changed.

    In the manifest, people are frames, and sequences the subsets with their frames. What was read stays until the
    store is whole: after an interruption only the rest is read. Raises UserError as `reader` does.
    """
    parts = reader.parts(SPLIT)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f".{SPLIT}.lock"):
        unfinished = folder / f".{SPLIT}.parts"
        fragments = [MotionFragment(reader, SPLIT, part, unfinished) for part in parts]
        if _keys(folder) == [fragment.key for fragment in fragments]:
            _log.info("  nothing has changed")
            return
        unfinished.mkdir(exist_ok=True)
        with worked_on(made, fragments, workers) as results:
            done = list(track(results, f"Reading {name}", total=len(fragments)))
        _write(name, reader, folder, unfinished, done)
        shutil.rmtree(unfinished)


def _keys(folder: Path) -> list[str] | None:
    """The keys of the parts that the store was made of; None where it is not there whole."""
    manifest, store = folder / f"{SPLIT}.manifest.json", folder / f"{SPLIT}.h5"
    if not manifest.is_file() or not store.is_file():
        return None
    try:
        found = json.loads(manifest.read_text())
        return list(found["keys"]) if found["store"] == file_hash(store) else None
    except (ValueError, KeyError, TypeError):
        return None


def _write(name: str, reader: Reader, folder: Path, unfinished: Path, fragments: Sequence[Fragment]) -> None:
    """Make store and manifest in the folder `unfinished`, then put both in place."""
    store, manifest = unfinished / f"{SPLIT}.h5", unfinished / f"{SPLIT}.manifest.json"
    counts = write_motions(store, fragments)
    if not counts:
        raise UserError(f"no motion in {reader.root} is long enough; fetch {name} again")
    made_of = Manifest(
        data=name,
        split=SPLIT,
        people=sum(counts.values()),
        published=None,
        sequences=counts,
        selections={},
        files={reader.relative(file): file_hash(file) for one in fragments for file in one.part.files},
        keys=[fragment.key for fragment in fragments],
        store=file_hash(store),
    )
    made_of.write(manifest)
    for path in (store, manifest):
        path.replace(folder / path.name)
    _log.info(f"  {made_of.people} frames of {len(counts)} subsets")
