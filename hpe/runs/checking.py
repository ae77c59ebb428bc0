"""The data doctor on all splits of a data set: decode, examine, report, draw."""

import logging
from collections.abc import Mapping
from pathlib import Path

from hpe.bodies.body import Body
from hpe.datasets.doctor.examination import examine, failed
from hpe.datasets.doctor.pictures import look_at_pictures
from hpe.datasets.doctor.report import print_findings, write_findings
from hpe.datasets.doctor.sheet import draw_sheet
from hpe.datasets.doctor.splits import Split
from hpe.datasets.motion_preparation import MotionSource
from hpe.datasets.sources import Source
from hpe.datasets.store import Store
from hpe.errors import UserError

_log = logging.getLogger(__name__)


def store_paths(source: Source) -> dict[str, Path]:
    """Where the store of each split of a data set is or will be."""
    splits = source.reader.splits if source.reader else source.splits
    return {split: Path(source.root).expanduser() / f"{split}.h5" for split in splits}


def check_data(source: Source, bodies: Mapping[str, Body], workers: int, seed: int) -> None:
    """Print what is wrong with each split; leave it as JSON, and a contact sheet, beside the store.

    `bodies` by gender are those of the labels, as far as they are at hand. Raises UserError naming the checks that
    failed, once all splits have been looked at, and for motions, of which there is nothing to look at.
    """
    if isinstance(source, MotionSource):
        raise UserError(f"data set {source.name} is motions without people in pictures: leave check=true away")
    stores = {split: Store.open(path, finite=False) for split, path in store_paths(source).items()}
    splits = {split: Split(store, look_at_pictures(store, workers)) for split, store in stores.items()}
    root = source.reader.root if source.reader else Path(source.root).expanduser()
    faults: dict[str, list[str]] = {}
    for name, (store, _) in splits.items():
        found = examine(name, splits, root)
        print_findings(store, found)
        report, sheet = write_findings(store, found), draw_sheet(store, bodies, seed)
        _log.info("  report: %s\n  sheet: %s%s", report, sheet, _without_mesh(store, bodies))
        if failed(found):
            faults[name] = failed(found)
    if faults:
        words = "; ".join(f"{split}: {', '.join(checks)}" for split, checks in faults.items())
        raise UserError(f"data set {source.name} is not sound ({words}); see {source.root}/SPLIT.check.json")


def _without_mesh(store: Store, bodies: Mapping[str, Body]) -> str:
    """Why the sheet has no mesh, where it has none."""
    if "pose" not in store:
        return " (no mesh: no bodies are labelled)"
    return "" if bodies else " (no mesh: SMPL's files are not in paths.smpl)"
