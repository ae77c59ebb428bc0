"""PARE's layout: written, read by pickle, and back through our own importer."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import roma
import torch

from hpe.bodies.anny import TOPOLOGIES, cache_file
from hpe.bodies.body import Body
from hpe.errors import UserError
from hpe.exchange.__main__ import main
from hpe.exchange.importing import import_predictions
from hpe.exchange.pare_tracks import export_pare
from hpe.exchange.plain import foreign
from hpe.exchange.reading import read_foreign
from hpe.geometry.cameras import project
from hpe.scoring.predictions import Predictions

SHAPES = {
    "pred_cam": (3, 3),
    "orig_cam": (3, 4),
    "verts": (3, 1229, 3),
    "pose": (3, 24, 3, 3),
    "betas": (3, 10),
    "bboxes": (3, 4),
    "frame_ids": (3,),
    "pose_axis_angle": (3, 72),
    "smpl_joints3d": (3, 24, 3),
    "full_translation": (3, 3),
    "focal_length": (3,),
}
FORTY_NINE = {"joints3d": (3, 49, 3), "smpl_joints2d": (3, 49, 2)}


@pytest.fixture
def predictions(store, said, tmp_path):
    x, y, width, height = store["box"].T
    crop = {"crop": np.stack([x + width / 2, y + height / 2, 1.2 * height], axis=1)}
    theirs = foreign(tmp_path / "theirs.npz", said | crop)
    return import_predictions(theirs, store, model="pare", body="anny", joints=None, way="order")


@pytest.fixture
def smpl(body):
    """The free body under SMPL's name, with a regressor for the joints that only SMPL has one for."""
    with np.load(cache_file(TOPOLOGIES[0])) as stored:
        model = {name: stored[name] for name in stored.files if name != "vertex_ids"}
    regressor = np.full((9, body.num_vertices), 1 / body.num_vertices)
    return Body("smpl", model, body.vertex_ids, {"J_regressor_extra": regressor})


def tracks(path):
    return pickle.loads((path / "P0_00_walk" / "pare_output.pkl").read_bytes())


def test_a_video_is_a_file_and_a_person_a_track(predictions, store, body, tmp_path):
    assert export_pare(predictions, store, body, tmp_path / "pare") == 2
    files = sorted(str(path.relative_to(tmp_path / "pare")) for path in (tmp_path / "pare").rglob("*.pkl"))
    assert files == ["P0_00_walk/pare_output.pkl", "P1_01_dance/pare_output.pkl"]
    found = tracks(tmp_path / "pare")
    assert list(found) == [0, 1]
    for track in found.values():
        assert {name: value.shape for name, value in track.items() if value is not None} == SHAPES
        assert {name for name, value in track.items() if value is None} == {*FORTY_NINE, "joints2d"}
        assert track["frame_ids"].tolist() == [0, 1, 2]
    rows = [1, 3, 5]
    np.testing.assert_array_equal(found[1]["pose_axis_angle"], predictions["pose"][rows])
    matrices = roma.rotvec_to_rotmat(torch.from_numpy(predictions["pose"][rows]).unflatten(1, (24, 3)))
    np.testing.assert_array_equal(found[1]["pose"], matrices)
    np.testing.assert_array_equal(found[1]["bboxes"], predictions["crop"][rows][:, [0, 1, 2, 2]])


def test_what_was_exported_comes_back(predictions, store, body, tmp_path):
    export_pare(predictions, store, body, tmp_path / "pare")
    parts = [str(path) for path in sorted((tmp_path / "pare").rglob("*.pkl"))]
    stored = tmp_path / "again.h5"
    arguments = ["--data", str(store.path), "--model", "pare", "--body", "anny", "--output", str(stored)]
    assert main(["import", *parts, *arguments]) == 0
    again = Predictions.read(stored)
    assert again.columns.keys() == predictions.columns.keys()
    for name in ("sample", "camera", "crop", "betas"):
        np.testing.assert_array_equal(again[name], predictions[name], err_msg=name)
    np.testing.assert_allclose(again["pose"], predictions["pose"], atol=1e-5)


def test_smpl_has_forty_nine_joints_too(predictions, store, smpl, tmp_path):
    export_pare(replace(predictions, body="smpl"), store, smpl, tmp_path / "pare")
    track = tracks(tmp_path / "pare")[0]
    assert {name: track[name].shape for name in FORTY_NINE} == FORTY_NINE
    imported = read_foreign(tmp_path / "pare" / "P0_00_walk" / "pare_output.pkl", joints="spin_49")
    np.testing.assert_array_equal(imported.columns["joints3d"][:3], track["joints3d"])


def test_joints_are_in_the_pixels_where_the_full_camera_sees_them(predictions, store, smpl, tmp_path):
    """From far away, where the picture's camera sees as flat as the crop's does, but for its own perspective."""
    export_pare(replace(predictions, body="smpl"), store, smpl, tmp_path / "pare", focal_length=1e6)
    track = tracks(tmp_path / "pare")[0]
    tensors = [torch.from_numpy(track[name]) for name in ("joints3d", "full_translation", "focal_length")]
    seen = project(*tensors, torch.tensor([[640.0, 360.0]] * 3))
    np.testing.assert_allclose(seen, track["smpl_joints2d"], atol=3)


@pytest.mark.parametrize(("given", "expected"), [(None, 1000), (5000.0, 5000)])
def test_the_focal_length_is_stated(given, expected, predictions, store, body, tmp_path):
    export_pare(predictions, store, body, tmp_path / "pare", given)
    track = tracks(tmp_path / "pare")[0]
    np.testing.assert_array_equal(track["focal_length"], np.full(3, expected))
    depth = 2 * expected / (predictions["crop"][[0, 2, 4], 2] * predictions["camera"][[0, 2, 4], 0])
    np.testing.assert_allclose(track["full_translation"][:, 2], depth, rtol=1e-5)


@pytest.mark.parametrize("missing", ["camera", "crop"])
def test_without_a_camera_nothing_is_written(missing, predictions, store, body, tmp_path):
    columns = {name: values for name, values in predictions.columns.items() if name != missing}
    with pytest.raises(UserError, match=f"no column '{missing}', which PARE's layout needs"):
        export_pare(replace(predictions, columns=columns), store, body, tmp_path / "pare")
    assert not (tmp_path / "pare").exists()


@pytest.mark.parametrize("name", ["../up", "/somewhere"])
def test_nothing_is_written_outside_the_output(name, predictions, store, body, tmp_path, monkeypatch):
    monkeypatch.setattr(Predictions, "check_rows", lambda self, store: None)
    named = replace(predictions, columns={**predictions.columns, "sequence": np.array([name] * 12)})
    with pytest.raises(UserError, match=f"sequence '{name}' is no name for a folder"):
        export_pare(named, store, body, tmp_path / "pare")
    assert not (tmp_path / "pare").exists()
