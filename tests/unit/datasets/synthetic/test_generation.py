from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe.datasets.store import Store
from hpe.datasets.synthetic.generation import WALK_FRAMES, SyntheticSet, plan
from hpe.errors import UserError


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("synthetic") / "set"
    SyntheticSet(str(root), size=6, resolution=48, workers=2)()
    return root


def test_the_bytes_depend_on_the_seed_alone(made: Path, tmp_path: Path) -> None:
    SyntheticSet(str(tmp_path / "again"), size=6, resolution=48, workers=1)()
    assert contents(tmp_path / "again") == contents(made)


def test_a_set_that_is_there_is_left_alone(made: Path) -> None:
    before = (made / "train.h5").stat().st_mtime_ns
    SyntheticSet(str(made), size=6, resolution=48)()
    assert (made / "train.h5").stat().st_mtime_ns == before


def test_every_split_is_a_store_with_its_pictures(made: Path) -> None:
    for split, people in {"train": 6, "val": 8, "test": 8}.items():
        store = Store.open(made / f"{split}.h5")
        assert len(store) == people
        for name in (*store.columns["image"], *store.columns["parts"]):
            assert cv2.imread(str(made / str(name))).shape == (48, 48, 3)


def test_splits_share_no_person(made: Path) -> None:
    train, test = (Store.open(made / f"{split}.h5").columns["betas"] for split in ("train", "test"))
    assert not (np.abs(train[:, None] - test[None]).max(-1) < 1e-6).any()


def test_a_plan_counts_out_and_numbers_rows_in_order() -> None:
    clips = plan("train", 200)
    assert sum(clip.frames for clip in clips) == 200
    assert [clip.first for clip in clips] == list(np.cumsum([0] + [clip.frames for clip in clips[:-1]]))
    assert sum(clip.frames == WALK_FRAMES for clip in clips) == 2


def test_a_size_of_nothing_is_refused() -> None:
    with pytest.raises(UserError, match=r"data\.size=0"):
        SyntheticSet("unused", size=0)
