"""A sweep that does not begin leaves no folder."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What Hydra's sweeper has written before it calls a launcher.
MULTIRUN = "multirun.yaml"


@contextmanager
def nothing_left_in(folder: Path) -> Iterator[None]:
    """Remove a sweep's folder where nothing comes of the sweep."""
    try:
        yield
    except BaseException:
        if folder.is_dir() and {path.name for path in folder.iterdir()} <= {MULTIRUN}:
            shutil.rmtree(folder)
        raise
