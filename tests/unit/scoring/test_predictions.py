import logging
from dataclasses import replace

import h5py
import numpy as np
import pytest

from hpe.datasets.store import Store, write_store
from hpe.errors import UserError
from hpe.scoring.predictions import Predictions

ROWS = 6


def columns(rows=ROWS):
    generator = np.random.default_rng(0)
    numbers = {"pose": 72, "betas": 10, "camera": 3, "crop": 3, "transl": 3, "uncertainty": 24}
    return {
        "sample": np.arange(rows)[::-1].copy(),
        "sequence": np.array([f"straße_{row // 3}" for row in range(rows)]),
        "frame": np.arange(rows, dtype=np.int32) % 3,
        "person": np.zeros(rows, dtype=np.int32),
        "joints3d": generator.normal(size=(rows, 24, 3)).astype(np.float32),
        **{name: generator.normal(size=(rows, size)).astype(np.float32) for name, size in numbers.items()},
    }


def predictions(rows=ROWS, **change):
    known = {name: value for name, value in (columns(rows) | change).items() if value is not None}
    return Predictions("tiny", "test", "anny", "smpl_24", "hmr", known, checkpoint="ab" * 32)


@pytest.fixture
def path(tmp_path):
    return predictions().write(tmp_path / "run" / "predictions.h5")


def test_what_is_written_comes_back(path):
    back, said = Predictions.read(path), predictions()
    for name in columns():
        np.testing.assert_array_equal(back[name], said[name], err_msg=name)
        assert back[name].dtype.kind == said[name].dtype.kind
    assert replace(back, columns=said.columns) is not back
    for name in ("dataset", "split", "body", "joint_set", "model", "data_hash", "checkpoint"):
        assert getattr(back, name) == getattr(said, name)
    assert [entry.name for entry in path.parent.iterdir()] == ["predictions.h5"]


def test_the_same_predictions_give_the_same_bytes(path, tmp_path):
    assert Predictions.read(path).write(tmp_path / "again.h5").read_bytes() == path.read_bytes()


def test_a_person_takes_a_few_hundred_bytes(tmp_path):
    lean = {"joints3d": None, "uncertainty": None}
    sizes = [predictions(rows, **lean).write(tmp_path / f"{rows}.h5").stat().st_size for rows in (1_000, 2_000)]
    assert (sizes[1] - sizes[0]) / 1_000 < 450


def test_skeletons_need_no_body():
    known = {name: value for name, value in columns().items() if name not in ("pose", "betas")}
    assert len(Predictions("tiny", "test", None, "smpl_24", "lifter", known)) == ROWS


def test_numbers_that_are_not_finite_are_kept_and_told(tmp_path, caplog):
    pose = columns()["pose"]
    pose[[1, 4], 7] = np.nan, np.inf
    with caplog.at_level(logging.WARNING):
        back = Predictions.read(predictions(pose=pose).write(tmp_path / "p.h5"))
    assert back.not_finite() == {"pose": 2}
    np.testing.assert_array_equal(back["pose"], pose)
    assert "pose is not finite for 2 of 6 people" in caplog.text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pse": np.zeros(ROWS)}, "unknown column 'pse'; did you mean 'pose'"),
        ({"frame": None}, "column 'frame' is missing"),
        ({"betas": None}, "column 'pose' needs column 'betas'"),
        ({"pose": None, "betas": None, "joints3d": None}, "nothing is predicted"),
        ({"joints3d": np.zeros((ROWS, 17, 3))}, r"'joints3d' has shape \[6, 17, 3\], expected \[6, 24, 3\]"),
        ({"betas": np.zeros((ROWS, 10), dtype=int)}, "column 'betas' holds int64, expected float32"),
        ({"sample": np.zeros(ROWS, dtype=int)}, "at most once"),
        ({"sample": np.arange(ROWS) - 1}, "from 0 up"),
    ],
)
def test_columns_outside_the_schema_are_refused(change, message):
    with pytest.raises(UserError, match=message):
        predictions(**change)


def test_no_rows_is_no_prediction():
    with pytest.raises(UserError, match="the store is empty"):
        predictions(rows=0)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"schema": "hpe-store"}, "not predictions of hpe"),
        ({"version": 2}, "predictions of version 2, this hpe reads 1"),
        ({"joint_set": "smpl_42"}, "unknown joint set 'smpl_42'"),
        ({"model": 3}, "attribute 'model' is missing or no text"),
    ],
)
def test_foreign_attributes_are_refused(path, attributes, message):
    with h5py.File(path, "r+") as file:
        file.attrs.update(attributes)
    with pytest.raises(UserError, match=rf"predictions\.h5: .*{message}"):
        Predictions.read(path)


def declares_a_terabyte(file):
    file.create_dataset("betas", (10**11, 10), "f4")


def points_elsewhere(file):
    file["betas"] = h5py.ExternalLink("other.h5", "betas")


def lies_in_another_file(file):
    file.create_dataset("betas", (ROWS, 10), "f4", external=[("betas.raw", 0, h5py.h5f.UNLIMITED)])


def is_a_group(file):
    file.create_group("betas")


def is_zeros_compressed(file):
    file.create_dataset("betas", data=np.zeros((10**6, 10), "f4"), compression="gzip")


def is_text_on_the_heap(file):
    file["betas"] = np.array(["x" * 1000] * ROWS, dtype=object)


@pytest.mark.parametrize(
    "spoil",
    [
        declares_a_terabyte,
        points_elsewhere,
        lies_in_another_file,
        is_a_group,
        is_zeros_compressed,
        is_text_on_the_heap,
    ],
)
def test_a_column_that_is_not_in_the_file_is_never_read(path, spoil):
    with h5py.File(path, "r+") as file:
        del file["betas"]
        spoil(file)
    with pytest.raises(UserError, match=r"predictions\.h5: ") as caught:
        Predictions.read(path)
    assert "\n" not in str(caught.value)


def test_a_file_cut_anywhere_is_one_line(path):
    data = path.read_bytes()
    for tenth in range(10):
        path.write_bytes(data[: len(data) * tenth // 10])
        with pytest.raises(UserError, match="cannot be read as predictions") as caught:
            Predictions.read(path)
        assert "\n" not in str(caught.value)


def test_a_missing_file_says_who_writes_it(tmp_path):
    with pytest.raises(UserError, match=r"writes them"):
        Predictions.read(tmp_path / "predictions.h5")


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(h5py.File, "create_dataset", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(OSError, match="No space"):
        predictions().write(tmp_path / "full" / "predictions.h5")
    assert not list((tmp_path / "full").iterdir())


@pytest.fixture
def store(tmp_path):
    known = {name: values[::-1] for name, values in columns().items() if name in ("sequence", "frame", "person")}
    boxes = {"box": np.ones((ROWS, 4)), "image_size": np.ones((ROWS, 2)), "image": ["a.jpg"] * ROWS}
    write_store(tmp_path / "test.h5", known | boxes, name="tiny", split="test", joints="smpl_24")
    return Store.open(tmp_path / "test.h5")


def test_predictions_know_their_data(store):
    predictions().check_rows(store)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (replace(predictions(), split="val"), "is tiny test, but the predictions are about tiny val"),
        (replace(predictions(), data_hash="0" * 64), "another SHA-256"),
        (predictions(sample=np.arange(ROWS) + 1), "has 6 people, the predictions speak of row 6"),
        (predictions(frame=np.arange(ROWS)), "row 2: frame 0, but predicted was 3"),
        (predictions(sequence=np.array(["other"] * ROWS)), "sequence straße_0, but predicted was other"),
    ],
)
def test_predictions_refuse_other_data(store, said, message):
    with pytest.raises(UserError, match=message):
        said.check_rows(store)
