"""What is written where nothing is yet; a folder of files appears whole or not at all."""

import contextlib
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hpe.errors import UserError


def refuse_existing(path: Path) -> None:
    """Raise UserError where something is there already."""
    if path.exists():
        raise UserError(f"{path} exists: give another --output, or remove it")


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `path` once all went well. Raises UserError where something is there already."""
    refuse_existing(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        unfinished.rename(path)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def write_pickle(path: Path, data: Any) -> None:
    """A pickle of arrays that any Python 3 with any numpy reads; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # numpy 2 writes a module's name that numpy 1 does not have, but reads the old one.
    text = pickle.dumps(data, protocol=3).replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
    path.write_bytes(text)
