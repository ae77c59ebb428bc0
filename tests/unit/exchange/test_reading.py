"""Files of arrays by name and of tracks, in every form that the field writes."""

import os
import pickle

import numpy as np
import pytest

from hpe.errors import UserError
from hpe.exchange.reading import read_foreign

ROWS = 12


def as_npz(path, data):
    np.savez(path.with_suffix(".npz"), **data)
    return path.with_suffix(".npz")


def as_pickle(path, data):
    path.with_suffix(".pkl").write_bytes(pickle.dumps(data))
    return path.with_suffix(".pkl")


@pytest.mark.parametrize("write", [as_npz, as_pickle])
def test_arrays_are_known_by_the_fields_names(tmp_path, said, write):
    names = {"imgname": np.array([rf"walk\{row}.jpg" for row in range(ROWS)]), "personid": np.arange(ROWS)}
    extra = {"center": np.full((ROWS, 2), 50.0), "scale": np.full(ROWS, 0.5), "verts": np.zeros((ROWS, 4, 3))}
    read = read_foreign(write(tmp_path / "file", said | names | extra))
    np.testing.assert_array_equal(read.columns["pose"], said["pose"])
    np.testing.assert_array_equal(read.columns["camera"], said["pred_cam"])
    np.testing.assert_allclose(read.columns["crop"], np.tile([50, 50, 100], (ROWS, 1)))
    np.testing.assert_allclose(read.names["box"], np.tile([0, 0, 100, 100], (ROWS, 1)))
    assert read.names["image"][3] == "walk/3.jpg"
    assert read.left_out == ("verts",)


def test_a_body_pose_of_23_joints_gets_its_root(tmp_path, said):
    data = {"global_orient": said["pose"][:, :3], "body_pose": said["pose"][:, 3:].reshape(ROWS, 23, 3)}
    read = read_foreign(as_npz(tmp_path / "file", data))
    np.testing.assert_array_equal(read.columns["pose"], said["pose"])


def test_joints_are_imported_when_their_set_is_named(tmp_path):
    joints = np.random.default_rng(0).uniform(0, 1.7, (ROWS, 17, 4))
    joints[..., 3] = 1
    joints[0, 5, 3] = 0
    path = as_npz(tmp_path / "file", {"S": joints})
    read = read_foreign(path, joints="h36m_17").columns["joints3d"]
    assert np.isnan(read[0, 5]).all()
    np.testing.assert_allclose(read[1:], joints[1:, :, :3], rtol=1e-6)
    with pytest.raises(UserError, match="no rotations and no joints"):
        read_foreign(path)
    with pytest.raises(UserError, match=r"'S' has shape \[12, 17, 4\], smpl_24 is \[N, 24, 3\]"):
        read_foreign(path, joints="smpl_24")


def test_millimetres_are_not_taken_for_metres(tmp_path):
    path = as_npz(tmp_path / "file", {"joints": np.random.default_rng(0).uniform(0, 1700, (ROWS, 17, 3))})
    with pytest.raises(UserError, match="--unit mm"):
        read_foreign(path, joints="h36m_17")
    assert read_foreign(path, joints="h36m_17", unit="mm").columns["joints3d"].max() < 1.7


def track(frames, matrices):
    count = len(frames)
    pose = np.tile(np.eye(3, dtype=np.float32), (count, 24, 1, 1)) if matrices else np.zeros((count, 72), np.float32)
    return {
        "pred_cam": np.ones((count, 3), np.float32),
        "orig_cam": np.ones((count, 4), np.float32),
        "verts": np.zeros((count, 8, 3), np.float32),
        "pose": pose,
        "betas": np.zeros((count, 10), np.float32),
        "joints3d": np.random.default_rng(0).uniform(0, 1.7, (count, 49, 3)),
        "joints2d": None,
        "bboxes": np.tile([140.0, 150, 220, 220], (count, 1)),
        "frame_ids": np.array(frames),
    }


@pytest.mark.parametrize("matrices", [True, False], ids=["PARE", "VIBE"])
def test_tracks_of_a_video_are_of_the_folders_sequence(tmp_path, matrices):
    (tmp_path / "walk").mkdir()
    path = as_pickle(tmp_path / "walk" / "output", {3: track([0, 1], matrices), 7: track([1], matrices)})
    read = read_foreign(path)
    assert read.names["sequence"].tolist() == ["walk"] * 3
    assert read.names["person"].tolist() == [3, 3, 7]
    assert read.names["frame"].tolist() == [0, 1, 1]
    np.testing.assert_array_equal(read.columns["pose"], np.zeros((3, 72)))
    np.testing.assert_array_equal(read.columns["crop"][0], [140, 150, 220])
    np.testing.assert_array_equal(read.names["box"][0], [30, 40, 220, 220])
    assert "verts" in read.left_out
    assert read_foreign(path, joints="spin_49").columns["joints3d"].shape == (3, 49, 3)
    assert read_foreign(path, sequence="other").names["sequence"].tolist() == ["other"] * 3


def test_a_file_of_one_picture_is_named_after_it(tmp_path):
    data = {"pred_pose": np.tile(np.eye(3), (2, 24, 1, 1)), "pred_shape": np.zeros((2, 10)), "bboxes": np.ones((2, 4))}
    assert read_foreign(as_pickle(tmp_path / "photo", data)).names["image"].tolist() == ["photo", "photo"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1, 2], "holds a list, not arrays by name"),
        ({}, "no rotations and no joints"),
        ({"pose": "abc"}, "'pose' is <U3 of shape"),
        ({"pose": np.zeros((0, 72))}, r"'pose' is float64 of shape \[0, 72\]"),
        ({"pose": np.zeros((2, 72)), "betas": np.zeros((2, 11))}, "'betas' has 11 numbers a person, 10 are needed"),
        ({"pose": np.zeros((2, 72)), "betas": np.zeros((3, 10))}, "arrays of different lengths"),
        ({"pose": np.zeros((2, 72)), "frame": ["a", "b"]}, "'frame' does not hold one whole number a row"),
        ({"walker": track([0], True)}, "track 'walker' has no number"),
    ],
)
def test_what_cannot_be_predictions_is_refused(tmp_path, data, message):
    with pytest.raises(UserError, match=message) as caught:
        read_foreign(as_pickle(tmp_path / "file", data))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no file .*none\.npz"):
        read_foreign(tmp_path / "none.npz")


class Shell:
    def __reduce__(self):
        return os.system, ("true",)


def test_code_inside_an_archive_is_refused_by_name(tmp_path):
    path = tmp_path / "evil.npz"
    np.savez(path, allow_pickle=True, pose=np.array([Shell()], dtype=object))
    with pytest.raises(UserError, match=r"asks for posix\.system"):
        read_foreign(path)


def test_code_in_a_pickle_is_refused_by_name(tmp_path):
    with pytest.raises(UserError, match=r"asks for posix\.system"):
        read_foreign(as_pickle(tmp_path / "evil", {"pose": Shell()}))


def test_objects_beside_the_arrays_do_not_matter(tmp_path, said):
    path = tmp_path / "file.npz"
    np.savez(path, allow_pickle=True, extra_info=np.array([{}], dtype=object), **said)
    assert read_foreign(path).left_out == ("extra_info",)


def test_an_archive_cut_anywhere_is_one_line(tmp_path, said):
    path = as_npz(tmp_path / "file", said)
    data = path.read_bytes()
    for tenth in range(10):
        path.write_bytes(data[: len(data) * tenth // 10])
        with pytest.raises(UserError, match="cannot be read") as caught:
            read_foreign(path)
        assert "\n" not in str(caught.value)
