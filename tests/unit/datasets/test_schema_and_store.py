import pickle

import h5py
import numpy as np
import pytest

from hpe.datasets.store import Store, write_store
from hpe.errors import UserError


def test_round_trip_keeps_every_column(make_store, tmp_path):
    from_disk = make_store(image=[f"ünïcode/{row}.jpg" for row in range(8)])
    assert len(from_disk) == 8
    assert from_disk["image"][3] == "ünïcode/3.jpg"
    assert (from_disk.name, from_disk.split, from_disk.joint_set) == ("tiny", "train", "smpl_24")
    again = tmp_path / "again.h5"
    write_store(again, from_disk.columns, name="tiny", split="train", joints="smpl_24")
    for key, values in Store.open(again).columns.items():
        assert np.array_equal(values, from_disk[key]), key
    assert again.read_bytes() == from_disk.path.read_bytes()


def test_pickled_store_is_its_path(make_store):
    store = make_store()
    data = pickle.dumps(store)
    assert len(data) < 500
    assert np.array_equal(pickle.loads(data)["pose"], store["pose"])


@pytest.mark.parametrize(
    ("change", "drop", "message"),
    [
        ({"jonts2d": [0.0]}, (), "unknown column 'jonts2d'; did you mean 'joints2d'"),
        ({}, ("box",), "column 'box' is missing"),
        ({}, ("betas",), "column 'pose' needs column 'betas'"),
        ({"betas": np.zeros((8, 11))}, (), r"column 'betas' has shape \[8, 11\], expected \[8, 10\]"),
        ({"joints3d": np.full((8, 24, 3), np.nan)}, (), "column 'joints3d', row 0: not finite"),
        ({"box": np.tile([5.0, 5.0, 0.0, 9.0], (8, 1))}, (), "column 'box', row 0: not finite or without area"),
    ],
)
def test_columns_outside_the_schema_are_refused(make_store, change, drop, message):
    with pytest.raises(UserError, match=message):
        make_store(drop=drop, **change)


def spoil(path, **attributes):
    with h5py.File(path, "r+") as file:
        file.attrs.update(attributes)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"schema": "other"}, "not a store of hpe"),
        ({"version": 2}, "store version 2, this hpe reads version 1"),
        ({"joint_set": "smpl_42"}, "unknown joint set 'smpl_42'; did you mean"),
    ],
)
def test_wrong_attributes_are_refused(make_store, attributes, message):
    path = make_store().path
    spoil(path, **attributes)
    with pytest.raises(UserError, match=message):
        Store.open(path)


def test_wrong_key_or_kind_in_a_file_is_named_with_the_file(make_store):
    path = make_store().path
    with h5py.File(path, "r+") as file:
        file.move("betas", "beta")
    with pytest.raises(UserError, match=r"train\.h5: unknown column 'beta'; did you mean 'betas'"):
        Store.open(path)
    with h5py.File(path, "r+") as file:
        del file["beta"]
        file["betas"] = np.full((8, 10), b"x")
    with pytest.raises(UserError, match="column 'betas' holds NumPy kind 'S', expected float32"):
        Store.open(path)


def test_store_cut_anywhere_is_one_line(make_store):
    path = make_store().path
    data = path.read_bytes()
    for tenth in range(10):
        path.write_bytes(data[: len(data) * tenth // 10])
        with pytest.raises(UserError, match="cannot be read as a store") as caught:
            Store.open(path)
        assert "\n" not in str(caught.value)


def test_failed_write_leaves_nothing_behind(make_store, tmp_path, monkeypatch):
    columns = make_store().columns
    monkeypatch.setattr(h5py.File, "create_dataset", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(OSError, match="No space"):
        write_store(tmp_path / "full" / "train.h5", columns, name="tiny", split="train", joints="smpl_24")
    assert not list((tmp_path / "full").iterdir())
