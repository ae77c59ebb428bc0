"""Predictions as a plain .npz for other people's tools, and for `plain.foreign`."""

import os
from pathlib import Path

import numpy as np

from hpe.datasets.store import Store
from hpe.scoring.predictions import Predictions


def export_archive(said: Predictions, store: Store, output: Path) -> int:
    """Write every column by its own name, and `image` with the pictures' names; returns how many people.

    Units are the store's: metres, pixels, axis-angle. Raises UserError for predictions of another store.
    """
    said.check_rows(store)
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.{os.getpid()}.npz")
    columns = {name: values for name, values in said.columns.items() if name != "sample"}
    try:
        np.savez_compressed(unfinished, allow_pickle=False, image=store["image"][said["sample"]], **columns)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
    return len(said)
