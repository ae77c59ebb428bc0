"""Text files that are there as a whole or not at all, for whoever reads them meanwhile."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> Path:
    """Write `text` beside `path`, then rename it; returns `path`. Raises OSError where the disk does not take it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text)
        return unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
