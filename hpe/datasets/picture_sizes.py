"""Width and height of picture files, from their headers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float
from PIL import Image, UnidentifiedImageError

from hpe.errors import UserError


def picture_sizes(folder: Path, names: Sequence[str]) -> Float[np.ndarray, "names 2"]:
    """Width and height in pixels of each picture, relative to `folder`; a name may come more than once.

    Raises UserError, with their number and the first, where pictures are missing or are none.
    """
    unique, places = np.unique(np.asarray(names, dtype=str), return_inverse=True)
    sizes = [_size(folder / name) for name in unique]
    bad = [str(name) for name, size in zip(unique, sizes, strict=True) if size is None]
    if bad:
        words = f"{len(bad)} of {len(unique)} pictures in {folder} are missing or damaged, first {bad[0]}"
        raise UserError(f"{words}; unpack or write them again")
    return np.array(sizes, dtype=np.float32).reshape(-1, 2)[places]


def _size(path: Path) -> tuple[int, int] | None:
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
