"""Scores are what the metrics say of what the card asks for, and whatever the card cannot have is one line."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import roma
import torch
from hand_made import PEOPLE, predictions, preset, small_body, store

from hpe.bodies.body import Body
from hpe.errors import UserError
from hpe.metrics.card import ProtocolCard
from hpe.metrics.pose import centre, mpjpe, pa_mpjpe, pve
from hpe.scoring.score import score
from hpe.types import BodyOutput

BODIES = {gender: small_body(seed) for seed, gender in enumerate(("neutral", "male", "female"))}
BEDLAM = preset("bedlam_3dpw")


def posed(body: Body, pose: Any, betas: Any) -> BodyOutput:
    return body(roma.rotvec_to_rotmat(torch.from_numpy(pose).unflatten(1, (24, 3))), torch.from_numpy(betas))


def h36m(body: Body, mesh: BodyOutput) -> torch.Tensor:
    return body.joints(mesh.vertices, "h36m_17")


def millimetres(values: torch.Tensor) -> np.ndarray:
    return 1000 * values.numpy()


@pytest.mark.parametrize("gender", ["neutral", "gendered"])
def test_joints_and_meshes_are_compared_around_the_pelvis_of_the_regressor(tmp_path: Path, gender: str) -> None:
    data = store(tmp_path)
    said = predictions(data)
    found = score(said, data, replace(BEDLAM, gt_gender=gender), BODIES)
    bodies = [
        BODIES[("neutral", "male", "female")[code] if gender == "gendered" else "neutral"] for code in data["gender"]
    ]
    mine = posed(BODIES["neutral"], said["pose"], said["betas"])
    each = [posed(body, data["pose"][[row]], data["betas"][[row]]) for row, body in enumerate(bodies)]
    theirs = torch.cat([mesh.vertices for mesh in each])
    p, g = h36m(bodies[0], BodyOutput(mine.vertices, mine.joints)), BODIES["neutral"].joints(theirs, "h36m_17")
    joints = [BODIES["neutral"].joints(mesh, "j14") for mesh in (mine.vertices, theirs)]
    rooted = [points - root[:, :1] for points, root in zip(joints, (p, g), strict=True)]
    assert np.allclose(found["mpjpe"], millimetres(mpjpe(*rooted)), atol=0.01)
    assert np.allclose(found["pa_mpjpe"], millimetres(pa_mpjpe(*rooted)), atol=0.01)
    assert np.allclose(found["pve"], millimetres(pve(mine.vertices - p[:, :1], theirs - g[:, :1])), atol=0.01)
    distances = found.filter(like="joint_error/")
    assert np.allclose(distances.mean(axis=1), found["mpjpe"], atol=0.01)


def test_gender_moves_the_ground_truth_of_its_own_people_only(tmp_path: Path) -> None:
    data = store(tmp_path)
    neutral, gendered = (
        score(predictions(data), data, replace(BEDLAM, gt_gender=gender), BODIES) for gender in ("neutral", "gendered")
    )
    assert (np.isclose(neutral["mpjpe"], gendered["mpjpe"], atol=1e-3) == (data["gender"] == 0)).all()


SKELETON = replace(BEDLAM, joint_set="smpl_24", regressor="skeleton", gt_gender="neutral")


@pytest.mark.parametrize(
    ("root", "around"),
    [
        ("smpl0", lambda body, mesh: mesh.joints[:, :1]),
        ("smpl_midhip", lambda body, mesh: mesh.joints[:, 1:3].mean(1, keepdim=True)),
        ("midhip", lambda body, mesh: mesh.joints[:, 1:3].mean(1, keepdim=True)),
        ("pelvis", lambda body, mesh: mesh.joints[:, :1]),
        ("h36m0", lambda body, mesh: h36m(body, mesh)[:, :1]),
        ("idx39", lambda body, mesh: (body.mesh_joints.SMPL_to_J19 @ mesh.vertices)[:, 14:15]),
        ("none", lambda body, mesh: torch.zeros(PEOPLE, 1, 3)),
        ("h36m_midhip", lambda body, mesh: h36m(body, mesh)[:, [1, 4]].mean(1, keepdim=True)),
    ],
)
def test_every_root(tmp_path: Path, root: str, around: Any) -> None:
    data, body = store(tmp_path), BODIES["neutral"]
    said = predictions(data)
    joint_roots = {"root": root} if root != "h36m_midhip" else {}
    mesh_roots = {"pve_root": root} if root not in ("midhip", "pelvis") else {}
    found = score(said, data, replace(SKELETON, **joint_roots, **mesh_roots), {"neutral": body})
    mine, theirs = posed(body, said["pose"], said["betas"]), posed(body, data["pose"], data["betas"])
    pairs = {
        "mpjpe": [mesh.joints - around(body, mesh) for mesh in (mine, theirs)],
        "pve": [mesh.vertices - around(body, mesh) for mesh in (mine, theirs)],
    }
    for metric in ["mpjpe"] * bool(joint_roots) + ["pve"] * bool(mesh_roots):
        assert np.allclose(found[metric], millimetres(mpjpe(*pairs[metric])), atol=0.01), metric


def test_a_perfect_prediction_has_no_error(tmp_path: Path) -> None:
    data = store(tmp_path)
    card = replace(
        SKELETON, metrics=("mpjpe", "pa_mpjpe", "n_mpjpe", "pve", "pa_pve", "mpjae", "pa_mpjae", "challenge_pck50")
    )
    said = predictions(data, error=0, betas=data["betas"])
    found = score(said, data, card, BODIES)
    assert found[["mpjpe", "pa_mpjpe", "n_mpjpe", "pve", "pa_pve"]].max().max() < 0.01
    assert found[["mpjae", "pa_mpjae"]].max().max() < 0.1
    assert (found["challenge_pck50"] == 100).all()


def test_a_selection_of_the_store_chooses_its_people(tmp_path: Path) -> None:
    chosen = np.arange(PEOPLE) % 4 == 1
    data = store(tmp_path, select_campose_valid=chosen)
    found = score(predictions(data), data, BEDLAM, BODIES)
    assert found["sample"].tolist() == np.flatnonzero(chosen).tolist()
    assert found["sequence"].tolist() == ["bar", "cafe", "walk"]


def test_people_without_prediction(tmp_path: Path) -> None:
    data = store(tmp_path)
    some = predictions(data, slice(2, None))
    with pytest.raises(UserError, match=r"field failed \(fail\): 2 of 12 people have no prediction"):
        score(some, data, BEDLAM, BODIES)
    dropped = score(some, data, replace(BEDLAM, failed="drop"), BODIES)
    assert dropped["mpjpe"].isna().tolist() == [True] * 2 + [False] * 10
    charged = score(some, data, replace(BEDLAM, failed=300.0, metrics=("mpjpe", "pck150")), BODIES)
    assert charged["mpjpe"].tolist()[:2] == [300.0, 300.0]
    assert charged["pck150"].tolist()[:2] == [0.0, 0.0]
    assert np.array_equal(charged["mpjpe"][2:], dropped["mpjpe"][2:])


def test_a_prediction_that_is_not_finite_is_none_and_touches_nobody_else(tmp_path: Path) -> None:
    data, card = store(tmp_path), replace(BEDLAM, failed="drop")
    whole = predictions(data)
    pose = whole["pose"].copy()
    pose[3, 5], pose[4, 0] = np.nan, np.inf
    broken = replace(whole, columns={**whole.columns, "pose": pose})
    metrics = ["mpjpe", "pa_mpjpe", "pve"]
    found, before = (score(said, data, card, BODIES)[metrics] for said in (broken, whole))
    assert found.loc[[3, 4]].isna().all(axis=None)
    assert np.allclose(found.drop([3, 4]), before.drop([3, 4]), atol=1e-3)
    with pytest.raises(UserError, match=r"2 of 12 people have no prediction, or one that is not finite \(2 are not\)"):
        score(broken, data, BEDLAM, BODIES)
    with pytest.raises(UserError, match=r"none of its 12 people .* has a finite prediction"):
        score(replace(whole, columns={**whole.columns, "pose": np.full_like(pose, np.nan)}), data, card, BODIES)


def test_occlusion_and_its_split(tmp_path: Path) -> None:
    visible = np.ones((PEOPLE, 24), bool)
    visible[0, 20:24] = False
    data = store(tmp_path, visible=visible)
    found = score(predictions(data), data, SKELETON, BODIES)
    joints = found.filter(like="joint_error/").to_numpy()
    assert found["occlusion"].tolist() == pytest.approx([4 / 24] + [0] * (PEOPLE - 1))
    assert found.loc[0, "mpjpe_occluded"] == pytest.approx(joints[0, 20:].mean(), abs=0.01)
    assert found.loc[0, "mpjpe_visible"] == pytest.approx(joints[0, :20].mean(), abs=0.01)
    assert found.loc[1:, "mpjpe_occluded"].isna().all()


def test_what_is_not_known_of_occlusion_is_undefined(tmp_path: Path) -> None:
    data = store(tmp_path, visible=None)
    found = score(predictions(data), data, SKELETON, BODIES)
    assert found[["occlusion", "mpjpe_visible", "mpjpe_occluded"]].isna().all(axis=None)


def test_labelled_joints_against_the_joints_of_a_system_without_a_mesh(tmp_path: Path) -> None:
    confidence = np.ones((PEOPLE, 17))
    confidence[2, :5] = 0
    data = store(
        tmp_path, "mpi_inf_3dhp", joints="mpi_inf_17", confidence3d=confidence, pose=None, betas=None, has_smpl=None
    )
    said = replace(
        predictions(data, pose=None, betas=None, joints3d=data["joints3d"] + 0.1 * np.eye(17, 3, dtype=np.float32)),
        body=None,
    )
    card = replace(preset("official_mpi_inf"), frames="all")
    found = score(said, data, card, {})
    true = torch.from_numpy(data["joints3d"])
    pair = [centre(points, [14]) for points in (torch.from_numpy(said["joints3d"]), true)]
    assert np.allclose(found["mpjpe"], millimetres(mpjpe(*pair, torch.from_numpy(confidence > 0))), atol=0.01)
    assert found.loc[2, "joints"] == 12
    # One of the 14 joints of the groups is off by 100 mm, two by exactly as much: all below 150 mm.
    assert (found["pck150"] == 100).all()


def test_accelerations_stay_within_tracks_unless_the_card_lets_them_cross_seams(tmp_path: Path) -> None:
    frames = np.tile([0, 1, 2, 4], 3)
    data = store(tmp_path, frame=frames)
    card = replace(SKELETON, metrics=("accel", "accel_error"), units="mm, mm/frame^2")
    inside = score(predictions(data), data, card, BODIES)
    assert np.flatnonzero(inside["accel_error"].notna()).tolist() == [1, 5, 9]
    across = score(predictions(data), data, replace(card, seams=True), BODIES)
    assert across["accel_error"].notna().sum() == PEOPLE - 2
    assert np.array_equal(across["accel_error"][[1, 5, 9]], inside["accel_error"][[1, 5, 9]])
    per_second = score(predictions(data), data, replace(card, units="mm, m/s^2"), BODIES)
    assert np.allclose(per_second["accel"][[1, 5, 9]], 0.9 * inside["accel"][[1, 5, 9]])


def test_the_order_of_predictions_does_not_matter(tmp_path: Path) -> None:
    data = store(tmp_path)
    whole = predictions(data)
    order = np.random.default_rng(0).permutation(PEOPLE)
    shuffled = replace(whole, columns={name: values[order] for name, values in whole.columns.items()})
    assert np.allclose(
        score(shuffled, data, BEDLAM, BODIES)["pve"], score(whole, data, BEDLAM, BODIES)["pve"], atol=1e-3
    )


NO_REGRESSOR = {gender: small_body(0) for gender in BODIES}
for poor in NO_REGRESSOR.values():
    poor.mesh_joints.available = frozenset()


@pytest.mark.parametrize(
    ("card", "columns", "bodies", "words"),
    [
        ({}, {}, NO_REGRESSOR, r"field regressor \(J_regressor_h36m\): body smpl needs J_regressor_h36m.npy"),
        ({}, {}, {"neutral": BODIES["neutral"]}, r"field gt_gender \(gendered\): there is no female body"),
        ({}, {"gender": None}, BODIES, r"field gt_gender \(gendered\): .* has no column 'gender'"),
        ({"gt_model": "anny"}, {}, BODIES, r"field gt_model \(anny\): the body at hand is smpl"),
        ({"frames": "tcmr"}, {}, BODIES, r"field frames \(tcmr\): .* knows no such selection.*campose_valid"),
        ({"people": "adults"}, {}, BODIES, r"field people \(adults\)"),
        ({"dataset": "emdb"}, {}, BODIES, r"field dataset \(emdb\): .* is 3dpw"),
        ({"split": "val"}, {}, BODIES, r"field split \(val\): .* is test"),
        ({"joint_set": "mpii_16"}, {}, BODIES, r"field joint_set \(mpii_16\)"),
        ({"regressor": "own"}, {}, BODIES, r"field regressor \(own\): .* needs own.npy"),
        (
            {"regressor": "own", "gt_model": "joints", "pve_root": None},
            {},
            BODIES,
            r"field regressor \(own\): the predictions hold no joints",
        ),
        ({"metrics": ("rte",)}, {}, BODIES, r"field metrics .*rte needs tracks in the world's frame"),
        ({"metrics": ("accel",), "frame_rate": None}, {}, BODIES, r"field frame_rate"),
        ({"pve_vertices": "agora_body"}, {}, BODIES, r"field pve_vertices \(agora_body\)"),
        ({}, {"pose": None, "betas": None, "has_smpl": None}, BODIES, r"field gt_model .* has no column 'pose'"),
        ({"gt_model": "joints"}, {"joints3d": None, "confidence3d": None}, BODIES, r"has no column 'joints3d'"),
        ({}, {"select_campose_valid": np.zeros(PEOPLE, bool)}, BODIES, r"field frames .*none of its 0 people"),
    ],
)
def test_a_field_that_cannot_be_satisfied_is_one_line(
    tmp_path: Path, card: dict[str, Any], columns: dict[str, Any], bodies: dict[str, Body], words: str
) -> None:
    data = store(tmp_path, **columns)
    said = predictions(data, pose=np.zeros((PEOPLE, 72), np.float32))
    with pytest.raises(UserError, match=words) as error:
        score(said, data, replace(BEDLAM, **card), bodies)
    assert "\n" not in str(error.value)


def test_predictions_about_other_data_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    data, other = store(tmp_path), store(tmp_path / "other", betas=np.zeros((PEOPLE, 10)))
    with pytest.raises(UserError, match="another SHA-256"):
        score(predictions(data), other, BEDLAM, BODIES)


def test_a_body_of_another_kind_is_refused(tmp_path: Path) -> None:
    data = store(tmp_path)
    with pytest.raises(UserError, match="the predictions are of body anny, not smpl"):
        score(replace(predictions(data), body="anny"), data, BEDLAM, BODIES)


def test_the_synthetic_card_measures_what_training_validates(body: Body, tmp_path: Path, card: ProtocolCard) -> None:
    from hpe.metrics.body import body_errors

    data = store(tmp_path, "synthetic", gender=None)
    said = replace(predictions(data), body="anny")
    found = score(said, data, card, {"neutral": body})
    expected = body_errors(posed(body, said["pose"], said["betas"]), posed(body, data["pose"], data["betas"]))
    for metric, values in expected.items():
        assert np.allclose(found[metric], values, atol=0.01), metric
