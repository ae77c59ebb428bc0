"""Writing packs: shard by shard, so that after an interruption only the rest is written."""

import io
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from filelock import FileLock
from rich.progress import track

from hpe.datasets.images import UnreadableImage, read_bytes
from hpe.datasets.packs import SCHEMA, Shard, pack_folder
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.files.hdf5 import write_attributes

SHARD_BYTES = 2**28  # written from memory

_log = logging.getLogger(__name__)


def pack(store: Store, shard_bytes: int = SHARD_BYTES) -> None:
    """Pack all pictures of a store, part pictures too, out of the files that it names, unless that is done already.

    A shard ends with the picture that fills `shard_bytes`. Raises UserError for pictures that are missing.
    """
    folder = pack_folder(store.path)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    with FileLock(folder.with_name(f".{folder.name}.lock")):
        shards = list(_divided(store, shard_bytes))
        if folder.is_dir() and len(list(folder.glob("*.h5"))) == len(shards) and _all_there(folder, shards):
            _log.info(f"  {store.split}: its pictures are packed")
            return
        unfinished.mkdir(exist_ok=True)
        for number, names in enumerate(track(shards, f"Packing {store.name} {store.split}")):
            if not _is_there(unfinished / f"{number:05}.h5", names):
                _write(unfinished / f"{number:05}.h5", names, store.image_root)
        for path in sorted(unfinished.glob("*.h5"))[len(shards) :]:
            path.unlink()
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.replace(folder)
        _log.info(f"  {store.split}: {sum(map(len, shards))} pictures packed into {len(shards)} files")


def _divided(store: Store, shard_bytes: int) -> Iterator[list[str]]:
    """Names of pictures, sorted, as they go into shards."""
    columns = [store[column] for column in ("image", "parts") if column in store]
    names = sorted(set(np.concatenate(columns).tolist()) - {""}, key=str.encode)
    sizes = [_size(store.image_root / name) for name in names]
    if missing := [name for name, size in zip(names, sizes, strict=True) if size is None]:
        raise UserError(
            f"{len(missing)} of {len(names)} pictures in {store.image_root} are missing, first {missing[0]}; "
            "a pack holds all: get them, or prepare the data set without them"
        )
    begun, filled = 0, 0
    for number, size in enumerate(sizes):
        filled += size or 0
        if filled >= shard_bytes or number == len(sizes) - 1:
            yield names[begun : number + 1]
            begun, filled = number + 1, 0


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _all_there(folder: Path, shards: list[list[str]]) -> bool:
    return all(_is_there(folder / f"{number:05}.h5", names) for number, names in enumerate(shards))


def _is_there(path: Path, names: list[str]) -> bool:
    """Whether a whole shard holds these names."""
    try:
        return path.is_file() and Shard.open(path).names.tolist() == [name.encode() for name in names]
    except UserError:
        return False


def _write(path: Path, names: list[str], images: Path) -> None:
    try:
        encoded = [read_bytes(images / name) for name in names]
    except UnreadableImage as error:
        raise UserError(f"cannot pack {error}") from error
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(_image(names, encoded))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _image(names: list[str], encoded: list[bytes]) -> memoryview:
    """The file in memory: on a disk that fills up, HDF5 itself would end the process."""
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        write_attributes(file, {"schema": SCHEMA})
        file.create_dataset("names", data=np.array([name.encode() for name in names]))
        file.create_dataset("ends", data=np.cumsum([len(data) for data in encoded]))
        file.create_dataset("bytes", data=np.frombuffer(b"".join(encoded), np.uint8))
    return image.getbuffer()
