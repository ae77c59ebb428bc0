import h5py
import numpy as np
import pytest
import torch

from hpe.datasets import packing
from hpe.datasets.crops_dataset import CropSettings, PersonCrops, SampleKey
from hpe.datasets.images import UnreadableImage
from hpe.datasets.module import IMAGENET_DEVIATION, IMAGENET_MEAN
from hpe.datasets.packing import pack
from hpe.datasets.packs import pack_folder
from hpe.datasets.store import Store
from hpe.errors import UserError


@pytest.fixture
def store(make_store):
    return make_store()


def shards(store):
    return sorted(pack_folder(store.path).glob("*"))


def crops(store):
    dataset = PersonCrops([store], CropSettings(32, "smpl_24", 1.2, IMAGENET_MEAN, IMAGENET_DEVIATION))
    return dataset.__getitems__([SampleKey(0, row) for row in range(len(store))])


@pytest.mark.parametrize("shard_bytes", [1, 5000, 2**30])
def test_crops_of_a_pack_are_those_of_the_files_byte_for_byte(store, shard_bytes):
    before = crops(store)
    pack(store, shard_bytes)
    for path in store.image_root.glob("*.jpg"):
        path.unlink()
    packed = Store.open(store.path)
    assert torch.equal(crops(packed).image, before.image)
    assert crops(packed).skipped == ()


def test_shards_are_as_large_as_asked(store):
    pack(store, 1)
    assert [path.name for path in shards(store)] == [f"{number:05}.h5" for number in range(8)]
    pack(store)
    assert [path.name for path in shards(store)] == ["00000.h5"]


def test_part_pictures_are_packed_too(make_store, tmp_path):
    store = make_store(parts=["parts.png"] + [""] * 7)
    (tmp_path / "tiny" / "parts.png").write_bytes(b"a picture")
    pack(store)
    (tmp_path / "tiny" / "parts.png").unlink()
    assert Store.open(store.path).picture("parts.png")[0] == b"a picture"


def test_what_was_packed_before_an_interruption_stays(store, monkeypatch):
    pack(store, 1)
    whole = [path.read_bytes() for path in shards(store)]
    for path in shards(store):
        path.unlink()
    written, write = [], packing._write

    def interrupted(path, *rest):
        written.append(path.name)
        if len(written) == 4:
            raise KeyboardInterrupt
        write(path, *rest)

    monkeypatch.setattr(packing, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pack(store, 1)
    assert shards(store) == []
    pack(store, 1)
    assert written[4:] == [f"{number:05}.h5" for number in range(3, 8)]
    assert [path.read_bytes() for path in shards(store)] == whole


def test_packing_twice_writes_once(store, monkeypatch):
    pack(store)
    monkeypatch.setattr(packing, "_write", lambda *_: pytest.fail("written again"))
    pack(store)


def test_missing_pictures_are_counted_and_named(store):
    (store.image_root / "003.jpg").unlink()
    with pytest.raises(UserError, match=r"1 of 8 pictures in .* are missing, first 003\.jpg"):
        pack(store)
    assert not pack_folder(store.path).exists()


def test_a_picture_that_is_not_packed_is_named(store):
    pack(store)
    with pytest.raises(UnreadableImage, match=r"999\.jpg \(not packed"):
        Store.open(store.path).picture("999.jpg")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_shard_that_was_cut_is_one_line(store, share):
    pack(store)
    (path,) = shards(store)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(UserError, match=r"00000\.h5: "):
        Store.open(store.path).picture("000.jpg")


@pytest.mark.parametrize("ends", [[3, 2], [1, 9], [1]])
def test_names_and_bytes_that_do_not_fit_are_one_line(store, ends):
    pack(store)
    with h5py.File(shards(store)[0], "w") as file:
        file.attrs["schema"] = "hpe-pictures"
        file["names"], file["ends"], file["bytes"] = np.array([b"a", b"b"]), np.array(ends), np.zeros(3, np.uint8)
    with pytest.raises(UserError, match="names and bytes do not fit"):
        Store.open(store.path).picture("a")
