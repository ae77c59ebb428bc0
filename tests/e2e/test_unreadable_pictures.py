"""Pictures that are cut short, met by the real training command."""

import shutil
from pathlib import Path

import pytest
from doors import SHORT, door_process

pytestmark = pytest.mark.slow


def cut_short(data: list[str], cache: Path, count: int) -> list[str]:
    """A copy of the set in which the first `count` training pictures end in their middle; overrides that name it."""
    original = next(Path(override.partition("=")[2]) for override in data if override.startswith("paths.cache="))
    shutil.copytree(original, cache)
    for picture in sorted(cache.glob("synthetic/*/pictures/train/*.jpg"))[:count]:
        picture.write_bytes(picture.read_bytes()[: picture.stat().st_size // 2])
    return [override for override in data if not override.startswith("paths.cache=")] + [f"paths.cache={cache}"]


def test_one_is_named_and_left_out(data: list[str], tmp_path: Path) -> None:
    finished = door_process("train", *cut_short(data, tmp_path / "cache", 1), *SHORT, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "skipped unreadable picture" in finished.stdout + finished.stderr
    assert "000000.jpg" in finished.stdout + finished.stderr


def test_several_end_the_run_with_one_line(data: list[str], tmp_path: Path) -> None:
    finished = door_process("train", *cut_short(data, tmp_path / "cache", 4), *SHORT, cwd=tmp_path)
    assert finished.returncode == 2
    assert "pictures cannot be read, more than 1 %" in finished.stderr.splitlines()[-1]
