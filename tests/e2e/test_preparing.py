"""Preparation that is killed or interrupted again and again ends in the bytes of one that was left alone."""

import signal
from pathlib import Path

import pytest
from doors import door_process, stop_when
from official_3dpw import sequence, write

pytestmark = pytest.mark.slow
PREPARE = ("prepare", "data=3dpw", "paths.data=data")
SEQUENCES = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for split in ("train", "validation", "test"):
        for number in range(SEQUENCES):
            write(tmp_path / "data/3dpw", split, sequence(f"{split}_{number:02}", actors=2, frames=30))
    return tmp_path / "data/3dpw"


def stores(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".lock"}


def parts(folder: Path, split: str) -> int:
    return len(list(folder.glob(f".{split}.parts/[!.]*.npz")))


def test_a_preparation_stopped_at_any_point_ends_in_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    whole = door_process(*PREPARE, cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    expected = stores(folder)
    assert {"train.h5", "val.h5", "test.h5", "all.manifest.json"} <= set(expected)
    for name in expected:
        (folder / name).unlink()
    for split, count, how in (
        ("train", 1, signal.SIGKILL),
        ("train", SEQUENCES // 2, signal.SIGINT),
        ("test", SEQUENCES - 1, signal.SIGKILL),
    ):
        # At work, not while it starts: there may be more parts already than the last one was stopped for.
        wanted = max(count, parts(folder, split) + 1)
        code, said = stop_when(lambda s=split, c=wanted: parts(folder, s) >= c, how, *PREPARE, cwd=tmp_path)
        assert code == (130 if how == signal.SIGINT else -signal.SIGKILL), said
        assert not (folder / f"{split}.h5").exists()
        assert parts(folder, split) >= count
    rest = door_process(*PREPARE, cwd=tmp_path)
    assert rest.returncode == 0, rest.stderr
    assert stores(folder) == expected
    assert not list(folder.glob(".*.parts"))
