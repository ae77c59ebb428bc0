"""From a reader to a store, without the processes that preparation starts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hpe.datasets.picture_sizes import picture_sizes
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store, write_store


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[Reader, str], Store]:
    """Reads all parts of a split, checks their order, and writes and opens a store of them."""

    def read(reader: Reader, split: str) -> Store:
        tables = [dict(reader.read(split, part)) for part in reader.parts(split)]
        columns = {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}
        if "image_size" not in columns:
            columns["image_size"] = picture_sizes(reader.root, columns["image"].tolist())
        rows = list(zip(columns["sequence"], columns["person"], columns["frame"], strict=True))
        assert len(set(rows)) == len(rows)
        for table in tables:
            own = list(zip(table["sequence"], table["person"], table["frame"], strict=True))
            assert own == sorted(own)
        path = tmp_path / "store" / f"{split}.h5"
        write_store(path, columns, name="data", split=split, joints=reader.joints(split), image_root=str(reader.root))
        return Store.open(path)

    return read
