"""The free body: a person of SMPL's layout who stands as SMPL stands, built once."""

import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from hpe.bodies.anny import cache_file, load_anny
from hpe.errors import UserError
from hpe.joints import joint_set


def at(points, *names):
    return points[joint_set("smpl_24").index(*names)]


@pytest.fixture
def rest(body):
    return body.rest(torch.zeros(10))


def test_mean_adult_is_of_average_height(rest):
    stature = rest.vertices[:, 1].amax() - rest.vertices[:, 1].amin()
    assert 1.65 < stature < 1.75


def test_first_beta_makes_taller(body):
    y = body.rest(torch.eye(10)[0]).vertices[:, 1] - body.rest(torch.zeros(10)).vertices[:, 1]
    assert y.amax() - y.amin() > 0.05


@pytest.mark.parametrize(("side", "outward"), [("left", 1.0), ("right", -1.0)])
def test_t_pose(rest, side, outward):
    arm = at(rest.joints, *(f"{side}_{name}" for name in ["shoulder", "elbow", "wrist", "hand"]))
    leg = at(rest.joints, *(f"{side}_{name}" for name in ["hip", "knee", "ankle"]))
    ankle, foot = at(rest.joints, f"{side}_ankle", f"{side}_foot")
    assert ((arm[1:] - arm[:-1])[:, 0] * outward > 0.05).all()
    assert (arm - arm[0])[:, 1:].abs().max() < 0.005
    assert ((leg[:-1] - leg[1:])[:, 1] > 0.3).all()
    assert (leg - leg[0])[:, [0, 2]].abs().max() < 0.005
    assert foot[2] - ankle[2] > 0.1


def test_palms_down_and_thumbs_forward(body, rest):
    for side in ("left", "right"):
        thumb, little = (rest.vertices[body.vertex_ids[f"{side}_{finger}_tip"]] for finger in ("thumb", "pinky"))
        assert thumb[2] - little[2] > 0.05
        hand = (body.parts == joint_set("smpl_24").index(f"{side}_hand")[0]).nonzero().squeeze(1)
        assert rest.vertices[hand, 1].mean() < at(rest.joints, f"{side}_wrist")[0, 1]


def test_landmarks_lie_where_their_names_say(body, rest):
    points = {name: rest.vertices[vertex] for name, vertex in body.vertex_ids.items()}
    head = at(rest.joints, "head")[0]
    assert points["nose"][2] == max(point[2] for name, point in points.items() if "toe" not in name)
    assert points["left_ear"][0] > points["left_eye"][0] > 0 > points["right_eye"][0] > points["right_ear"][0]
    assert all(points[f"{side}_eye"][1] > head[1] for side in ("left", "right"))
    assert points["left_smalltoe"][0] > points["left_bigtoe"][0] > points["right_bigtoe"][0]
    assert points["left_heel"][2] < at(rest.joints, "left_ankle")[0, 2]
    assert points["left_middle_tip"][0] > points["left_pinky_tip"][0]


def test_layout_is_smpls(body):
    assert body.smpl.parents.tolist() == list(joint_set("smpl_24").parents)
    assert body.smpl.shapedirs.shape == (1229, 3, 10)
    torch.testing.assert_close(body.smpl.lbs_weights.sum(1), torch.ones(1229))
    torch.testing.assert_close(body.smpl.J_regressor.sum(1), torch.ones(24), atol=1e-4, rtol=0)
    assert body.smpl.posedirs.abs().max() == 0


def test_joints_are_mirror_symmetric(rest):
    mirrored = rest.joints[list(joint_set("smpl_24").flip)] * torch.tensor([-1.0, 1.0, 1.0])
    torch.testing.assert_close(rest.joints, mirrored, atol=1e-3, rtol=0)


def test_mesh_is_closed_and_faces_look_outwards(body, rest):
    corners = rest.vertices[body.faces]
    volume = torch.linalg.det(corners).sum() / 6
    assert 0.05 < volume < 0.1
    edges = body.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).sort(dim=1).values
    assert (edges.unique(dim=0, return_counts=True)[1] == 2).all()


def test_warm_cache_needs_no_anny(body):
    code = "import sys; from hpe.bodies.anny import load_anny; load_anny(); print('anny' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_cache_is_named_by_version_and_follows_the_users_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path))
    path = cache_file("notoes")
    assert path.parent == tmp_path / "hpe"
    assert path.name.startswith("anny-0.")
    assert "notoes" in path.name


def test_unknown_topology():
    with pytest.raises(UserError, match="did you mean 'notoes'"):
        load_anny("no_toes")


def test_cache_folder_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "hpe").write_text("a file in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path))
    with pytest.raises(UserError, match="XDG_CACHE_HOME"):
        load_anny()


@pytest.mark.slow
def test_building_again_gives_the_same_file(body, monkeypatch, tmp_path):
    kept = np.load(cache_file("notoes_collapse10pc"))
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path))
    load_anny()
    built = np.load(cache_file("notoes_collapse10pc"))
    # Sums over threads may differ in the last bit.
    assert all(np.allclose(kept[name], built[name], rtol=0, atol=1e-6) for name in kept.files)
    assert kept["explained_variance"] > 0.995


@pytest.mark.slow
@pytest.mark.no_cover  # the free body is read from text, line by line
@pytest.mark.parametrize("topology", ["notoes_collapse10pc", "notoes"])
def test_regressor_finds_the_rigs_own_joints_on_unseen_adults(topology):
    from hpe.bodies.anny_rig import open_rig, realistic_adults, rest_bodies, skin_weights
    from hpe.bodies.t_pose import t_pose

    rig = open_rig(topology)
    bodies = rest_bodies(rig, realistic_adults(rig, 200, seed=7))
    regressor = load_anny(topology).smpl.J_regressor.double()
    for vertices, joints in (t_pose(bodies, skin_weights(rig)), (bodies.vertices, bodies.joints)):
        error = 1000 * (regressor @ vertices - joints).norm(dim=-1)
        assert error.mean() < 2
        assert error.max() < 8
