"""From files of motions to one store of them: in parallel, resumable, the same bytes whenever it is done."""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import track

from hpe.datasets.fragments import Fragment, made
from hpe.datasets.manifest import Manifest, read_manifest, tells_of
from hpe.datasets.motion_store import write_motions
from hpe.datasets.preparation import alone_in
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

    def read(self, reader: Reader, workers: int) -> None:
        """Make the store of motions. Raises UserError where files are missing or are none."""
        prepare_motions(self.name, reader, Path(self.root).expanduser(), workers)


class MotionFragment(Fragment):
    """The motions of a part."""

    def read(self) -> Columns:
        """As the reader has them."""
        return self.reader.read(self.split, self.part)


def prepare_motions(name: str, reader: Reader, folder: Path, workers: int) -> None:
    """Make `motions.h5` and `motions.manifest.json` in `folder` unless they are there and nothing has changed.

    In the manifest, people are frames, and sequences the subsets with their frames. What was read stays until the
    store is whole: after an interruption only the rest is read. Raises UserError as `preparation.prepare` does.
    """
    with alone_in(folder, name, SPLIT):
        unfinished, store = folder / f".{SPLIT}.parts", folder / f"{SPLIT}.h5"
        fragments = [MotionFragment(reader, SPLIT, part, unfinished) for part in reader.parts(SPLIT)]
        manifest = read_manifest(store)
        if manifest and manifest.get("keys") == [part.key for part in fragments] and tells_of(manifest, store):
            _log.info("  nothing has changed")
            return
        unfinished.mkdir(exist_ok=True)
        with worked_on(made, fragments, workers) as results:
            done = list(track(results, f"Reading {name}", total=len(fragments)))
        _write(name, reader, folder, unfinished, done)
        shutil.rmtree(unfinished)


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
