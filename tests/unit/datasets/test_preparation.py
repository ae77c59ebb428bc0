"""A reader of three little files stands for any: what preparation makes of it, and how it survives interruptions."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from hpe.datasets.preparation import prepare
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.store import Store
from hpe.errors import UserError


@dataclass(frozen=True)
class Lines(Reader):
    """A file a video, a line a frame: nothing but the number of a picture."""

    published: ClassVar = {"test": 7, "test:first": 3}

    def parts(self, split: str) -> Sequence[Part]:
        return [Part(path.stem, (path,)) for path in self.find(f"{split}/*.txt")]

    def read(self, split: str, part: Part) -> Columns:
        lines = part.files[0].read_text().split()
        if "broken" in lines:
            raise UserError(f"{part.files[0]}: broken")
        count = len(lines)
        return {
            "image": np.array([f"pictures/{line}.png" for line in lines]),
            "sequence": np.full(count, part.name),
            "frame": np.arange(count),
            "person": np.zeros(count, int),
            "box": np.tile([0.0, 0, 4, 4], (count, 1)),
            "select_first": np.arange(count) == 0,
        }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three videos and their pictures."""
    (tmp_path / "test").mkdir()
    (tmp_path / "pictures").mkdir()
    for number in range(3):
        Image.new("RGB", (6 + number, 5)).save(tmp_path / f"pictures/{number}.png")
    for name, lines in {"a": "0 1", "b": "2", "c": "1 1 1"}.items():
        (tmp_path / f"test/{name}.txt").write_text(lines)
    return tmp_path


def made(folder: Path) -> tuple[bytes, bytes]:
    prepare("lines", Lines(str(folder)), "test", folder, workers=1)
    return (folder / "test.h5").read_bytes(), (folder / "test.manifest.json").read_bytes()


def test_a_store_and_a_manifest_are_made(folder: Path) -> None:
    made(folder)
    store, manifest = Store.open(folder / "test.h5"), json.loads((folder / "test.manifest.json").read_text())
    assert store["sequence"].tolist() == ["a", "a", "b", "c", "c", "c"]
    assert store["image_size"][:3].tolist() == [[6, 5], [7, 5], [8, 5]]
    assert (store.image_root / store["image"][0]).is_file()
    assert manifest["people"] == 6
    assert (manifest["published"], manifest["published_selections"]) == (7, {"select_first": 3})
    assert manifest["sequences"] == {"a": 2, "b": 1, "c": 3}
    assert manifest["selections"] == {"select_first": 3}
    assert set(manifest["files"]) == {"test/a.txt", "test/b.txt", "test/c.txt"}
    assert {path.name for path in folder.glob("test*")} == {"test", "test.h5", "test.manifest.json"}


def test_a_file_elsewhere_is_found_from_where_the_folder_really_lies(tmp_path: Path) -> None:
    (tmp_path / "disk/deep/lines").mkdir(parents=True)
    (tmp_path / "lines").symlink_to(tmp_path / "disk/deep/lines")
    model = tmp_path / "models/model.npz"
    named = Lines(str(tmp_path / "lines")).relative(model)
    assert named.startswith("../")
    assert (tmp_path / "lines" / named).resolve() == model.resolve()


def test_an_interrupted_preparation_goes_on_where_it_was_to_the_same_bytes(folder: Path) -> None:
    whole = made(folder)
    for name in ("test.h5", "test.manifest.json"):
        (folder / name).unlink()
    text = (folder / "test/c.txt").read_text()
    stamp = (folder / "test/c.txt").stat()
    (folder / "test/c.txt").write_text("broken")
    with pytest.raises(UserError, match="broken"):
        made(folder)
    kept = sorted((folder / ".test.parts").glob("*.npz"))
    assert len(kept) == 2
    (folder / "test/c.txt").write_text(text)
    os.utime(folder / "test/c.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    kept[0].write_bytes(kept[0].read_bytes()[:40])
    assert made(folder) == whole


def test_nothing_is_done_again_until_a_file_changes(folder: Path) -> None:
    before = made(folder)
    stamp = (folder / "test.h5").stat().st_mtime_ns
    assert made(folder) == before
    assert (folder / "test.h5").stat().st_mtime_ns == stamp
    (folder / "test/b.txt").write_text("2 2")
    made(folder)
    assert len(Store.open(folder / "test.h5")) == 7


def test_missing_pictures_are_counted_and_leave_what_was_there(folder: Path) -> None:
    before = made(folder)
    (folder / "test/a.txt").write_text("0 9 8")
    with pytest.raises(UserError, match=r"2 of 3 pictures .* are missing or damaged, first pictures/8\.png; unpack"):
        made(folder)
    assert (folder / "test.h5").read_bytes() == before[0]


@pytest.mark.parametrize("step", range(1, 7))
def test_whatever_is_put_in_place_last_the_next_time_ends_in_the_same_bytes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Three parts, the store (twice) and the manifest come by a renaming; each in turn is the one that is not done."""
    whole = made(folder)
    for name in ("test.h5", "test.manifest.json"):
        (folder / name).unlink()
    renamings, replace = iter(range(1, 100)), Path.replace

    def stop_after_some(path: Path, target: Path) -> Path:
        if next(renamings) == step:
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as stopped:
        stopped.setattr(Path, "replace", stop_after_some)
        with pytest.raises(KeyboardInterrupt):
            made(folder)
    assert made(folder) == whole
    assert not list(folder.glob(".test.parts"))


def test_a_store_of_which_its_manifest_does_not_tell_is_made_again(folder: Path) -> None:
    whole = made(folder)
    (folder / "test.h5").write_bytes(whole[0][:3000])
    assert made(folder) == whole
    (folder / "test.manifest.json").write_text("{")
    assert made(folder) == whole


def test_a_split_of_nobody_is_refused(folder: Path) -> None:
    for file in (folder / "test").iterdir():
        file.write_text("")
    with pytest.raises(UserError, match=r"nobody is labelled in lines test, read from .*: fetch it again"):
        made(folder)
    assert not (folder / "test.h5").exists()


def test_a_folder_that_has_moved_is_not_read_again(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, elsewhere = made(folder), tmp_path_factory.mktemp("disk") / "data"
    folder.rename(elsewhere)
    stamp = (elsewhere / "test.h5").stat().st_mtime_ns
    monkeypatch.chdir(elsewhere.parent)
    assert made(Path("data")) == before
    assert (elsewhere / "test.h5").stat().st_mtime_ns == stamp


def test_what_is_not_finite_is_told_of_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Lines.read

    def with_nan(self: Lines, split: str, part: Part) -> Columns:
        columns = dict(read(self, split, part))
        return columns | ({"box": columns["box"] * np.nan} if part.name == "b" else {})

    monkeypatch.setattr(Lines, "read", with_nan)
    with pytest.raises(UserError, match=r"test/b\.txt: column 'box', row 0: not finite.*; fetch the official files"):
        made(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_must_not_be_written_is_one_line(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(UserError, match=r"cannot prepare lines test in .*closed.*paths\.data=FOLDER"):
        prepare("lines", Lines(str(folder)), "test", closed, workers=1)


def test_a_place_where_no_folder_can_be_is_one_line(folder: Path) -> None:
    with pytest.raises(UserError, match=r"cannot prepare lines test in .*Not a directory"):
        prepare("lines", Lines(str(folder)), "test", folder / "test/a.txt/stores", workers=1)
