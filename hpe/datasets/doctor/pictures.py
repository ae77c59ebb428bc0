"""Every picture of a store, decoded: whether it is there, whole, and of the annotated size."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.progress import track

from hpe.datasets.doctor.finding import Finding, fault, named, not_checked, sound
from hpe.datasets.images import UnreadableImage, read_image
from hpe.datasets.store import Store


class Picture(NamedTuple):
    """What decoding it gave: width and height, and a hash of the file; or the reason why there are none."""

    size: tuple[int, int] | None = None
    content: str = ""
    reason: str = ""
    missing: bool = False


# By name, relative to the store's folder of pictures.
Pictures = Mapping[str, Picture]


def look_at_pictures(store: Store, workers: int) -> Pictures:
    """Decode each picture of the store once, `workers` at a time."""
    names = [str(name) for name in np.unique(store["image"])]
    pool = ThreadPoolExecutor(workers)  # decoders let go of Python's lock, so that threads are enough
    try:
        looks = pool.map(lambda name: _look(store.image_root / name), names)
        told = track(looks, f"Decoding pictures of {store.name} {store.split}", total=len(names))
        return dict(zip(names, told, strict=True))
    finally:
        pool.shutdown(cancel_futures=True)


def _look(path: Path) -> Picture:
    if not path.is_file():
        return Picture(reason="missing", missing=True)
    try:
        height, width = read_image(path).shape[:2]
        return Picture((width, height), hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest())
    except (UnreadableImage, OSError) as error:
        return Picture(reason=str(error))


def pictures_there(store: Store, pictures: Pictures) -> Finding:
    """Every picture lies where the store says."""
    missing = [name for name, picture in pictures.items() if picture.missing]
    if missing:
        return fault(f"{len(missing)} of {len(pictures)} pictures are not in {store.image_root}", missing)
    return sound(f"{len(pictures)} pictures")


def pictures_whole(store: Store, pictures: Pictures) -> Finding:
    """Every picture that is there decodes to its last row."""
    there = [picture for picture in pictures.values() if not picture.missing]
    broken = [picture.reason for picture in there if picture.size is None]
    if broken:
        return fault(f"{len(broken)} of {len(there)} pictures cannot be decoded", broken)
    return sound(f"{len(there)} pictures decoded") if there else not_checked("no picture is there")


def picture_sizes_agree(store: Store, pictures: Pictures) -> Finding:
    """Width and height of a picture are those of its people's `image_size`."""
    unknown = (np.nan, np.nan)
    found = np.array([pictures[str(name)].size or unknown for name in store["image"]]).reshape(-1, 2)
    known = np.isfinite(found).all(axis=1)
    wrong = known & (found != store["image_size"]).any(axis=1)
    if wrong.any():
        row = int(wrong.argmax())
        sizes = " but is ".join(
            "x".join(f"{side:.0f}" for side in size) for size in (store["image_size"][row], found[row])
        )
        return fault(f"{int(wrong.sum())} people on pictures of another size, first {sizes}", named(store, wrong))
    return sound(f"{int(known.sum())} people") if known.any() else not_checked("no picture could be decoded")
