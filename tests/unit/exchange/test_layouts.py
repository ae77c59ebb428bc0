"""Submissions: read back as their servers read them, and refused where a server would score nonsense."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
import roma
import torch

from hpe.errors import UserError
from hpe.exchange.agora_submission import export_agora
from hpe.exchange.archive import export_archive
from hpe.exchange.emdb_results import export_emdb
from hpe.exchange.importing import import_predictions
from hpe.exchange.plain import foreign
from hpe.exchange.pw3d_challenge import export_pw3d_challenge
from hpe.exchange.reading import read_foreign
from hpe.geometry.cameras import project, project_crop
from hpe.geometry.rotations import global_rotations


@pytest.fixture
def predictions(store, said, tmp_path):
    """Predictions of every person in the store, with a crop around each."""
    x, y, width, height = store["box"].T
    crop = {"crop": np.stack([x + width / 2, y + height / 2, 1.2 * height], axis=1)}
    theirs = foreign(tmp_path / "theirs.npz", said | crop)
    return import_predictions(theirs, store, model="hmr", body="smpl", joints=None, way="order")


def without(said, *rows):
    return replace(said, columns={name: np.delete(values, rows, axis=0) for name, values in said.columns.items()})


def posed(said, body):
    rotmats = roma.rotvec_to_rotmat(torch.from_numpy(said["pose"]).unflatten(1, (24, 3)))
    return rotmats, body(rotmats, torch.from_numpy(said["betas"])).joints


def test_an_archive_comes_back_the_same(predictions, store, tmp_path):
    path = tmp_path / "out" / "predictions.npz"
    assert export_archive(predictions, store, path) == 12
    again = import_predictions(read_foreign(path), store, model="hmr", body="smpl", joints=None)
    assert again.columns.keys() == predictions.columns.keys()
    for name, values in predictions.columns.items():
        np.testing.assert_array_equal(again[name], values, err_msg=name)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.fixture
def pw3d(tmp_path):
    """Annotations of 3DPW: frame 2 of the second person does not count in the first sequence."""
    valid, seen = np.ones((2, 3), dtype=int), np.ones((2, 3, 3, 18))
    valid[1, 2] = 0
    write(tmp_path / "sequenceFiles/test/P0_00_walk.pkl", {"campose_valid": list(valid), "poses2d": list(seen)})
    seen[0, 1] = 0
    write(tmp_path / "sequenceFiles/train/P1_01_dance.pkl", {"campose_valid": [[1] * 3] * 2, "poses2d": list(seen)})
    return tmp_path / "sequenceFiles"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(data, 2))


def read(path):
    text = path.read_bytes()
    assert b"numpy._core" not in text, "numpy 1 does not have that module"
    return pickle.loads(text)


def test_the_3dpw_challenge_gets_joints_and_orientations_of_every_frame(predictions, body, pw3d, tmp_path):
    parts = [without(predictions, *range(5, 12)), without(predictions, *range(6), 8)]
    assert export_pw3d_challenge(parts, body, pw3d, tmp_path / "res") == 2
    walk, dance = read(tmp_path / "res/test/P0_00_walk.pkl"), read(tmp_path / "res/train/P1_01_dance.pkl")
    rotmats, joints = posed(predictions, body)
    assert walk["jointPositions"].shape == (2, 3, 24, 3)
    assert walk["orientations"].shape == (2, 3, 9, 3, 3)
    parts = global_rotations(rotmats)[:, [0, 1, 2, 4, 5, 16, 17, 18, 19]]
    for sequence, start in ((walk, 0), (dance, 6)):
        for row in range(6):
            person, frame = row % 2, row // 2
            if (start, row) in ((0, 5), (6, 2)):
                assert not sequence["jointPositions"][person, frame].any()
                continue
            np.testing.assert_allclose(sequence["jointPositions"][person, frame], joints[start + row], atol=1e-6)
            np.testing.assert_allclose(sequence["orientations"][person, frame], parts[start + row], atol=1e-6)


def test_the_3dpw_challenge_takes_skeletons_alone(predictions, body, pw3d, tmp_path):
    joints = posed(predictions, body)[1].numpy()
    columns = {name: predictions[name] for name in ("sample", "sequence", "frame", "person")} | {"joints3d": joints}
    export_pw3d_challenge([replace(predictions, body=None, columns=columns)], None, pw3d, tmp_path / "res")
    walk = read(tmp_path / "res/test/P0_00_walk.pkl")
    assert walk.keys() == {"jointPositions"}
    np.testing.assert_array_equal(walk["jointPositions"][1, 2], joints[5])


def test_the_3dpw_challenge_misses_nobody_that_counts(predictions, body, pw3d, tmp_path):
    with pytest.raises(UserError, match=r"1 of 5 people that count in .*P0_00_walk\.pkl have no prediction"):
        export_pw3d_challenge([without(predictions, 4)], body, pw3d, tmp_path / "res")
    assert not (tmp_path / "res").exists()
    assert not list(tmp_path.glob(".res*"))


def test_agora_gets_a_file_a_person_with_pixels_at_full_size(predictions, store, body, tmp_path):
    assert export_agora(predictions, store, body, tmp_path / "agora") == 12
    files = sorted(path.name for path in (tmp_path / "agora").iterdir())
    # Both sequences have pictures of the same names, which AGORA's have not.
    assert files[:4] == [f"image_00000_personId_{number}.pkl" for number in range(4)]
    data = read(tmp_path / "agora" / files[1])
    shapes = {name: value.shape for name, value in data["params"].items()}
    assert shapes == {"transl": (1, 3), "betas": (1, 10), "global_orient": (1, 1, 3), "body_pose": (1, 23, 3)}
    assert data["pose2rot"] is True
    np.testing.assert_array_equal(data["params"]["body_pose"].ravel(), predictions["pose"][1, 3:])
    shift, points = torch.from_numpy(data["params"]["transl"]), posed(predictions, body)[1][1:2]
    at_720 = project(points, shift, torch.tensor([1000.0]), torch.tensor([[640.0, 360.0]]))
    np.testing.assert_allclose(data["joints"], 3 * at_720[0], rtol=1e-5)


def test_agoras_pixels_are_where_the_crop_saw_the_joints(predictions, store, body, tmp_path):
    """A root at its crop's camera lands where the weak-perspective camera of the crop puts it."""
    export_agora(predictions, store, body, tmp_path / "agora")
    data = read(tmp_path / "agora" / "image_00000_personId_0.pkl")
    points, camera = posed(predictions, body)[1][:1], torch.from_numpy(predictions["camera"][:1])
    focal = 1000 * 224 / predictions["crop"][0, 2]
    in_crop = project_crop(points, camera, float(focal), 224)[0, 0].numpy()
    expected = predictions["crop"][0, :2] + in_crop * predictions["crop"][0, 2] / 2
    np.testing.assert_allclose(data["joints"][0] / 3, expected, atol=3)


def test_agora_poses_smpl_only(predictions, store, body, tmp_path):
    with pytest.raises(UserError, match="AGORA's server poses SMPL, and these predictions are of body anny"):
        export_agora(replace(predictions, body="anny"), store, body, tmp_path / "agora")


@pytest.fixture
def emdb(tmp_path):
    good = np.array([True, True, True, False])
    for subject, name in (("P0", "00_walk"), ("P1", "01_dance")):
        data = {"n_frames": 4, "good_frames_mask": good}
        write(tmp_path / "EMDB" / subject / name / f"{subject}_{name}_data.pkl", data)
    return tmp_path / "EMDB"


def test_emdb_gets_every_frame(predictions, store, emdb, tmp_path):
    alone = without(predictions, *range(1, 12, 2))
    assert export_emdb(alone, store, emdb, tmp_path / "results") == 2
    folder = tmp_path / "results/P1/01_dance/hybrIK-out"
    frames = [read(path) for path in sorted(folder.iterdir())]
    assert [path.name for path in sorted(folder.iterdir())] == [f"{frame:06}.pkl" for frame in range(4)]
    matrices = np.concatenate([frame["pred_theta_mats"].reshape(1, -1, 3, 3) for frame in frames])
    back = roma.rotmat_to_rotvec(torch.from_numpy(matrices)).flatten(1).numpy()
    np.testing.assert_allclose(back[:3], alone["pose"][3:], atol=1e-5)
    np.testing.assert_array_equal(back[3], np.zeros(72))
    np.testing.assert_array_equal(np.concatenate([frame["pred_shape"] for frame in frames])[:3], alone["betas"][3:])
    assert np.concatenate([frame["transl"] for frame in frames])[:3, 2].min() > 0


@pytest.mark.parametrize(
    ("drop", "message"),
    [((), "name a frame twice"), ((1, 2, 3, 5, 7, 9, 11), r"1 of 3 frames that count in .*P0_00_walk_data\.pkl")],
)
def test_emdb_has_one_prediction_for_every_frame_that_counts(predictions, store, emdb, tmp_path, drop, message):
    with pytest.raises(UserError, match=message):
        export_emdb(without(predictions, *drop), store, emdb, tmp_path / "results")
    assert not (tmp_path / "results").exists()


def test_what_is_not_finite_is_submitted_nowhere(predictions, store, body, pw3d, emdb, tmp_path):
    predictions["pose"][3, 0] = np.nan
    for export in (
        lambda: export_pw3d_challenge([predictions], body, pw3d, tmp_path / "out"),
        lambda: export_agora(predictions, store, body, tmp_path / "out"),
        lambda: export_emdb(predictions, store, emdb, tmp_path / "out"),
    ):
        with pytest.raises(UserError, match=r"not finite \(pose of 1 people\)"):
            export()


def test_nothing_that_exists_is_overwritten(predictions, store, emdb, tmp_path):
    with pytest.raises(UserError, match="exists: give another --output"):
        export_emdb(without(predictions, *range(1, 12, 2)), store, emdb, tmp_path)


class Shell:
    def __reduce__(self):
        return eval, ("1",)


def test_annotations_that_are_code_are_refused_by_name(predictions, store, body, pw3d, emdb, tmp_path):
    for path in (pw3d / "test/P0_00_walk.pkl", emdb / "P0/00_walk/P0_00_walk_data.pkl"):
        path.write_bytes(pickle.dumps(Shell()))
    with pytest.raises(UserError, match=r"walk\.pkl asks for builtins\.eval"):
        export_pw3d_challenge([predictions], body, pw3d, tmp_path / "out")
    with pytest.raises(UserError, match=r"walk_data\.pkl asks for builtins\.eval"):
        export_emdb(without(predictions, *range(1, 12, 2)), store, emdb, tmp_path / "out")
