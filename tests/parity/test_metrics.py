"""Golden metrics: values of the field's own evaluation codes, see README.md beside the vectors.

Lengths are compared in millimetres. What is a count, a choice or a rounded share must be exact.
"""

from fnmatch import fnmatch

import numpy as np
import pytest
import roma
import torch
from golden_metrics import (
    J14,
    J17,
    MIDHIP_J14,
    MILLIMETRES,
    TOLERANCE,
    by_joint,
    close,
    j14_around,
    millimetres,
    pair,
    percent,
    regressed,
    unlabelled_sequences,
)

from hpe.geometry.alignment import procrustes, similarity
from hpe.geometry.cameras import world_to_camera
from hpe.geometry.crops import keypoint_box, square_crop
from hpe.geometry.windows import sliding_windows
from hpe.joints import joint_group
from hpe.metrics import agora, mupots
from hpe.metrics.box_pck import box_pck
from hpe.metrics.groups import MPI_INF, group_means
from hpe.metrics.orientation import SCORED, joint_angle, mpjae, pa_mpjae
from hpe.metrics.pose import aligned, centre, mpjpe, mrpe, pa_mpjpe, pve
from hpe.metrics.reductions import mean
from hpe.metrics.scale import best_scale, n_mpjpe
from hpe.metrics.temporal import (
    accel_error_m_per_frame2,
    accel_error_m_per_s2,
    accel_m_per_frame2,
    emdb_jitter_m_per_s3,
    jitter_m_per_s3,
)
from hpe.metrics.thresholds import auc, challenge_auc, pck
from hpe.metrics.world import foot_sliding, rte, w_mpjpe, wa_mpjpe

FRAME_RATE = 30.0
MIDHIP_SMPL, PELVIS_MPI = [1, 2], [14]
SCORED_MPI = [joint for joints in MPI_INF.values() for joint in joints]
checked: list[str] = []


def checks(*patterns):
    """Mark a test as the one that compares these entries, so that the last test can tell what nobody looks at."""
    checked.extend(patterns)
    return lambda test: test


@pytest.fixture(scope="module")
def vectors(vectors_folder):
    with np.load(vectors_folder / "vectors.npz") as archive:
        return {name: torch.from_numpy(np.asarray(archive[name])) for name in archive.files}


@pytest.fixture(params=[torch.float64, torch.float32], ids=["double", "single"])
def precision(request):
    return request.param


@checks("mpjpe14/root_*")
@pytest.mark.parametrize("root", ["h36m0", "midhip"])
def test_mpjpe14(root, vectors, precision):
    prediction, target = (j14_around(root, points) for points in pair(vectors, "h36m17", precision))
    millimetres(by_joint(mpjpe, prediction, target), vectors[f"mpjpe14/root_{root}"], precision)
    millimetres(mpjpe(prediction, target), vectors[f"mpjpe14/root_{root}"].mean(-1), precision)


@checks("mpjpe17/root_h36m0")
def test_mpjpe17(vectors, precision):
    prediction, target = (centre(points, [0])[:, J17] for points in pair(vectors, "h36m17", precision))
    millimetres(by_joint(mpjpe, prediction, target), vectors["mpjpe17/root_h36m0"], precision)


@checks("mpjpe24/root_*")
@pytest.mark.parametrize(("name", "roots"), [("pelvis", [0]), ("midhip", MIDHIP_SMPL)])
def test_mpjpe24(name, roots, vectors, precision):
    prediction, target = (centre(points, roots) for points in pair(vectors, "smpl24", precision))
    millimetres(by_joint(mpjpe, prediction, target), vectors[f"mpjpe24/root_{name}"], precision)


@checks("pa14/*")
def test_pa14(vectors, precision):
    prediction, target = (points[:, J14] for points in pair(vectors, "h36m17", precision))
    millimetres(pa_mpjpe(prediction, target), vectors["pa14/joint_error"].mean(-1), precision)
    millimetres(procrustes(prediction, target), vectors["pa14/aligned"] * MILLIMETRES, precision)
    move = similarity(prediction.double(), target.double())
    close(move.rotation, vectors["pa14/R"], atol=1e-6)
    close(move.scale, vectors["pa14/scale"], atol=1e-6)
    close(move(torch.zeros_like(prediction[:, :1]).double())[:, 0], vectors["pa14/t"], atol=1e-6)


@checks("pa17/joint_error")
def test_pa17(vectors, precision):
    prediction, target = (points[:, J17] for points in pair(vectors, "h36m17", precision))
    millimetres(by_joint(mpjpe, aligned(prediction, target), target), vectors["pa17/joint_error"], precision)


@checks("pve/none", "pve/pa_vertices", "pve/pa_by_j14")
def test_pve(vectors, precision):
    prediction, target = pair(vectors, "verts", precision)
    millimetres(pve(prediction, target), vectors["pve/none"], precision)
    millimetres(pa_mpjpe(prediction, target), vectors["pve/pa_vertices"], precision)
    move = similarity(*(j14_around("h36m0", regressed(vectors, 17, mesh)) for mesh in (prediction, target)))
    around = [mesh - regressed(vectors, 17, mesh)[:, :1] for mesh in (prediction, target)]
    millimetres(pve(move(around[0]), around[1]), vectors["pve/pa_by_j14"], precision)


@checks("pve/root_h36m0", "pve/root_smpl0", "pve/root_smpl_midhip", "agora/body_mve_mm")
@pytest.mark.parametrize(
    ("name", "joints", "roots"),
    [
        ("pve/root_h36m0", 17, [0]),
        ("pve/root_smpl0", 24, [0]),
        ("pve/root_smpl_midhip", 24, MIDHIP_SMPL),
        ("agora/body_mve_mm", 24, MIDHIP_SMPL),
    ],
)
def test_pve_around_a_root(name, joints, roots, vectors, precision):
    meshes = pair(vectors, "verts", precision)
    around = (mesh - regressed(vectors, joints, mesh)[:, roots].mean(1, keepdim=True) for mesh in meshes)
    millimetres(pve(*around), vectors[name], precision)


@checks("pve/root_h36m_midhip", "pve/mpjpe14_from_mesh")
def test_joints_of_a_mesh(vectors, precision):
    meshes = pair(vectors, "verts", precision)
    joints = [regressed(vectors, 17, mesh) for mesh in meshes]
    hips = [body[:, J14][:, MIDHIP_J14].mean(1, keepdim=True) for body in joints]
    around = (mesh - root for mesh, root in zip(meshes, hips, strict=True))
    millimetres(pve(*around), vectors["pve/root_h36m_midhip"], precision)
    around = (j14_around("h36m0", body) for body in joints)
    millimetres(by_joint(mpjpe, *around), vectors["pve/mpjpe14_from_mesh"], precision)


@checks("emdb/*", "agora/body_mpjpe_mm")
def test_emdb(vectors, precision):
    meshes = pair(vectors, "verts", precision)
    bodies = [(mesh, regressed(vectors, 24, mesh)) for mesh in meshes]
    roots = [joints[:, MIDHIP_SMPL].mean(1, keepdim=True) for _, joints in bodies]
    (mesh, joints), (true_mesh, true_joints) = (
        (mesh - root, joints - root) for (mesh, joints), root in zip(bodies, roots, strict=True)
    )
    move = similarity(joints, true_joints)
    for name in ("emdb/mpjpe_pf", "agora/body_mpjpe_mm"):
        millimetres(mpjpe(joints, true_joints), vectors[name], precision)
    millimetres(pa_mpjpe(joints, true_joints), vectors["emdb/mpjpe_pa_pf"], precision)
    millimetres(pve(mesh, true_mesh), vectors["emdb/mve_pf"], precision)
    millimetres(pve(move(mesh), true_mesh), vectors["emdb/mve_pa_pf"], precision)
    close(move.rotation, vectors["emdb/procrustes_R"], atol=TOLERANCE[precision])


@checks("proc/*")
def test_procrustes_cases(vectors, precision):
    for case in sorted({name.split("/")[1] for name in vectors if name.startswith("proc/")}):
        expected = {name.split("/")[2]: value for name, value in vectors.items() if name.startswith(f"proc/{case}/")}
        atol = {"far": {torch.float64: 1e-4, torch.float32: 2e-2}, "huge": {torch.float64: 1e-4}}.get(case, {})
        prediction, target = (expected[name].to(precision) for name in ("pred", "gt"))
        found = {"error": by_joint(mpjpe, procrustes(prediction, target), target) * MILLIMETRES}
        if precision == torch.float64:
            move = similarity(prediction, target)
            found |= {"aligned": move(prediction) * MILLIMETRES, "scale": move.scale, "R": move.rotation}
            expected["aligned"] = expected["aligned"] * MILLIMETRES
        for name in found.keys() & expected.keys():
            message = f"{case} {name}"
            assert np.allclose(found[name], expected[name], atol=atol.get(precision, TOLERANCE[precision])), message


@checks("missing/micro_mm", "missing/macro_*", "missing/pa_validonly_per_sample_mm", "missing/micro_pa_alljoints_mm")
def test_missing_joints(vectors, precision):
    prediction, target = (j14_around("h36m0", points) for points in pair(vectors, "h36m17", precision))
    valid = vectors["in/missing_mask14"]
    joints, atol = valid.sum(-1).double(), TOLERANCE[precision]
    error = mpjpe(prediction, target, valid) * MILLIMETRES
    close(mean(error).value, vectors["missing/macro_mm"], atol)
    assert mean(error).samples == vectors["missing/macro_count"]
    close(mean(error, weights=joints).value, vectors["missing/micro_mm"], atol)
    millimetres(pa_mpjpe(prediction, target, valid), vectors["missing/pa_validonly_per_sample_mm"], precision)
    error = mpjpe(aligned(prediction, target), target, valid) * MILLIMETRES
    close(mean(error, weights=joints).value, vectors["missing/micro_pa_alljoints_mm"], atol)


@checks("missing/nan_sequence_*")
def test_unlabelled_joints(vectors):
    """The published code counts an unlabelled joint as missed; ours leaves it out, which is asked for by hand here."""
    micro, shares = [], []
    for prediction, target in unlabelled_sequences(vectors):
        micro.append(mean(mpjpe(prediction, target), weights=target.isfinite().all(-1).sum(-1)).value)
        shares.append(mean(pck(prediction, target.nan_to_num(1e9), threshold=150.0)).value)
    close(micro, vectors["missing/nan_sequence_mpjpe"])
    close(shares, vectors["missing/nan_sequence_pck"])


@checks("accel/*")
def test_accelerations(vectors, precision):
    prediction, target = pair(vectors, "traj14", precision)
    valid = vectors["in/traj14_vis"][:, None].expand(target.shape[:2])
    millimetres(accel_m_per_frame2(prediction), vectors["accel/pred_mm_per_frame2"], precision)
    millimetres(accel_error_m_per_frame2(prediction, target), vectors["accel/error_mm_per_frame2"], precision)
    seen = accel_error_m_per_frame2(prediction, target, valid)
    millimetres(seen[seen.isfinite()], vectors["accel/error_vis_mm_per_frame2"], precision)
    error = accel_error_m_per_s2(prediction, target, FRAME_RATE)
    close(error, vectors["accel/error_m_per_s2"], atol=TOLERANCE[precision])
    close(error[1:-1], vectors["accel/wham_error_m_per_s2"], atol=TOLERANCE[precision])


@checks("jitter/*")
def test_jitter(vectors, precision):
    prediction, target = pair(vectors, "traj24", precision)
    rtol = {torch.float64: 1e-9, torch.float32: 1e-3}[precision]
    close(jitter_m_per_s3(prediction, FRAME_RATE) / 10, vectors["jitter/wham_per_frame"], rtol=rtol)
    emdb = [*emdb_jitter_m_per_s3(prediction, FRAME_RATE), *emdb_jitter_m_per_s3(target, FRAME_RATE)]
    close(torch.stack(emdb) / 10, vectors["jitter/emdb_pred_mean_std_gt_mean_std"], rtol=rtol)


@checks("world/*")
def test_world(vectors, precision):
    prediction, target = pair(vectors, "world", precision)
    for metric, name in ((w_mpjpe, "w_mpjpe_mm"), (wa_mpjpe, "wa_mpjpe_mm"), (pa_mpjpe, "pa_mpjpe_mm")):
        millimetres(metric(prediction, target), vectors[f"world/{name}"], precision)
    roots = (vectors[f"in/world_{name}_root"].to(precision) for name in ("pred", "gt"))
    close(100 * rte(*roots), vectors["world/rte_percent"], atol=TOLERANCE[precision])
    feet = vectors["in/foot_pred"].to(precision), vectors["in/foot_gt"][vectors["in/foot_mask"]].to(precision)
    sliding, standing = foot_sliding(*feet)
    millimetres(sliding[standing], vectors["world/foot_sliding_mm"], precision)


@checks("mpi/error_mm", "mpi/mpjpe17_per_joint_and_mean", "mpi/*_mpjpe17", "mpi/pa_error17_mm_frames1on")
def test_mpi_inf_errors(vectors, precision):
    prediction, target = (centre(vectors[f"in/mpi_{name}_mm"].to(precision), PELVIS_MPI) for name in ("pred", "gt"))
    error, atol = by_joint(mpjpe, prediction, target), TOLERANCE[precision]
    close(error, vectors["mpi/error_mm"], atol)
    close([*error.mean(0), error.mean()], vectors["mpi/mpjpe17_per_joint_and_mean"], atol)
    for part in ("activity", "sequence"):
        label = vectors[f"in/mpi_{part}"]
        found = [error[label == number].mean() for number in label.unique()]
        close(found, vectors[f"mpi/{part}_mpjpe17"], atol)
    moved = by_joint(mpjpe, aligned(prediction, target), target)[1:]
    close(moved, vectors["mpi/pa_error17_mm_frames1on"], atol)


@checks("mpi/*_groups_and_all", "mpi/*_pck", "mpi/*_auc", "mpi/pck17", "mpi/auc17")
@pytest.mark.parametrize(
    ("name", "metric", "options"), [("pck", pck, {"threshold": 150.0}), ("auc", auc, {"highest": 150.0})]
)
def test_mpi_inf_scores(name, metric, options, vectors, precision):
    prediction, target = (centre(vectors[f"in/mpi_{name}_mm"].to(precision), PELVIS_MPI) for name in ("pred", "gt"))
    score = by_joint(metric, prediction, target, **options)
    close(percent(group_means(score)), vectors[f"mpi/{name}_groups_and_all"], atol=1e-4)
    close(100 * score.mean(), vectors[f"mpi/{name}17"], atol=1e-4)
    moved = by_joint(metric, aligned(prediction, target)[1:], target[1:], **options)
    close(percent(group_means(moved)), vectors[f"mpi/pa_{name}_groups_and_all"], atol=1e-4)
    for part in ("activity", "sequence"):
        label = vectors[f"in/mpi_{part}"]
        found = [100 * group_means(score[label == number])["all"].value for number in label.unique()]
        close(found, vectors[f"mpi/{part}_{name}"], atol=1e-4)


@pytest.fixture(scope="module")
def matched(vectors):
    """For every MuPoTS sequence, frame and person: the index of the prediction and the prediction itself, in mm."""
    given = {name: vectors[f"in/mupots_{name}"] for name in ("annot2", "valid", "pred3_all", "pred2_all", "pred_keep")}
    index = torch.empty_like(given["valid"], dtype=torch.long)
    chosen = torch.full_like(given["pred3_all"], 1e5)
    for place in np.ndindex(*index.shape[:2]):
        kept = given["pred_keep"][place]
        found = mupots.match(given["pred2_all"][place][kept].flip(0), given["annot2"][place], given["valid"][place])
        index[place] = found
        chosen[place][found >= 0] = given["pred3_all"][place][kept].flip(0)[found[found >= 0]]
    return index, chosen


@checks("mupots/match_index", "mupots/bone_rescaled")
def test_mupots_matching(matched, vectors):
    assert torch.equal(matched[0], vectors["mupots/match_index"])
    first = vectors["in/mupots_pred3_all"][0, 0], vectors["in/mupots_annot3"][0, 0]
    close(mupots.rescale_bones(*first), vectors["mupots/bone_rescaled"])


@checks("mupots/all_*", "mupots/matched_*")
@pytest.mark.parametrize("annotation", ["annot3", "univ_annot3"])
@pytest.mark.parametrize("frame", ["rel", "abs"])
def test_mupots_scores(frame, annotation, matched, vectors):
    (index, chosen), target = matched, vectors[f"in/mupots_{annotation}"]
    poses = (chosen, target) if frame == "abs" else (centre(chosen, PELVIS_MPI), centre(target, PELVIS_MPI))
    rescaled = mupots.rescale_bones(*poses)
    rescaled[index < 0] = 1e5
    prediction, true = (points[..., SCORED_MPI, :] for points in (rescaled, poses[1]))
    scores = {"pck": pck(prediction, true, threshold=150.0), "auc": auc(prediction, true, highest=150.0)}
    for name, score in scores.items():
        for variant, counts in (("all", index != mupots.NOT_VALID), ("matched", index >= 0)):
            found = [100 * mean(people[counted]).value for people, counted in zip(score, counts, strict=True)]
            close(found, vectors[f"mupots/{variant}_{frame}_{annotation}_{name}"])


@checks("abs/*")
def test_absolute_poses(vectors):
    """Metrics of the first MuPoTS sequence, in mm: the published code leaves the root out of relative means."""
    prediction, target = (vectors[f"in/mupots_{name}"][0].flatten(0, 1) for name in ("pred3_all", "annot3"))
    others = [joint for joint in range(target.shape[1]) if [joint] != PELVIS_MPI]
    relative, true = (centre(points, PELVIS_MPI) for points in (prediction, target))
    scale = best_scale(prediction.flatten(0, 1), target.flatten(0, 1))
    scaled = best_scale(relative, true)[:, None, None] * prediction
    found = {
        "mrpe": mrpe(prediction, target, PELVIS_MPI).mean(),
        "mpjpe": mpjpe(prediction, target).mean(),
        "r_mpjpe16": mpjpe(relative[:, others], true[:, others]).mean(),
        "n_mpjpe": n_mpjpe(prediction, target).mean(),
        "rn_mpjpe": mpjpe(scaled, target).mean(),
        "optimal_scale": best_scale(prediction, target),
        "pck150": pck(prediction, target, threshold=150.0).mean(),
        "auc": auc(prediction, target, highest=150.0).mean(),
        "sequence_scale": scale[None],
        "n_mrpe_sequence": mrpe(scale * prediction, target, PELVIS_MPI).mean(),
        "n_r_mpjpe16_sequence": mpjpe(scale * relative[:, others], true[:, others]).mean(),
    }
    assert {f"abs/{name}" for name in found} == {name for name in vectors if name.startswith("abs/")}
    for name, value in found.items():
        close(value, vectors[f"abs/{name}"])


@checks("pw3d/mpjpe", "pw3d/mpjpe_pa", "pw3d/error12", "pw3d/pck50", "pw3d/auc")
def test_3dpw_challenge(vectors, precision):
    prediction, target = (centre(points, [0]) for points in pair(vectors, "smpl24", precision))
    scored = list(joint_group("pw3d_challenge_pck_joints"))
    limbs = prediction[:, scored], target[:, scored]
    millimetres(mpjpe(prediction, target).mean(), vectors["pw3d/mpjpe"], precision)
    millimetres(pa_mpjpe(prediction, target).mean(), vectors["pw3d/mpjpe_pa"], precision)
    millimetres(by_joint(mpjpe, *limbs), vectors["pw3d/error12"], precision)
    close(100 * pck(*limbs, threshold=0.05, inclusive=True).mean(), vectors["pw3d/pck50"], atol=1e-4)
    # The challenge integrates numerically, to about 1e-5; our closed form is exact.
    close(challenge_auc(*limbs).mean(), vectors["pw3d/auc"], atol=2e-5)


@checks("pw3d/mpjae_*")
def test_orientations(vectors, precision):
    prediction, target = (
        roma.rotvec_to_rotmat(aa.to(precision)) for aa in (vectors[f"in/rot_{name}_aa"] for name in ("pred", "gt"))
    )
    joints, atol = pair(vectors, "smpl24", precision), {torch.float64: 1e-6, torch.float32: 1e-2}[precision]
    close(mpjae(prediction, target).mean(), vectors["pw3d/mpjae_deg"], atol)
    close(pa_mpjae(prediction, target, *joints).mean(), vectors["pw3d/mpjae_pa_deg"], atol)
    close(joint_angle(prediction, target)[:, list(SCORED)], vectors["pw3d/mpjae_per_joint_deg"], atol)


@checks("pw3d/valid_indices")
def test_3dpw_frames(vectors):
    trusted = (vectors["in/pw3d_campose_valid"] > 0) & (vectors["in/pw3d_poses2d"] != 0).flatten(1).any(1)
    assert torch.equal(trusted.nonzero().flatten(), vectors["pw3d/valid_indices"])


@checks("agora/matching", "agora/iou", "agora/precision_recall_f1")
def test_agora_matching(vectors):
    prediction, target = vectors["in/agora_pred2d"], vectors["in/agora_gt2d"]
    close(agora.box_overlap(prediction, target), vectors["agora/iou"])
    who = agora.match(prediction, target, vectors["in/agora_valid"])
    rows = [*who.pairs, *((guess, -1) for guess in who.false_positives)]
    rows += [*((-2, person) for person in who.missed), *((-3, person) for person in who.ignored)]
    assert sorted(rows) == [tuple(row) for row in vectors["agora/matching"].tolist()]
    counts = vectors["in/agora_counts_gt_miss_fp"].tolist()
    found = [agora.detection(*row) for row in counts]
    assert [[one.precision, one.recall, one.f1] for one in found] == vectors["agora/precision_recall_f1"].tolist()


@checks("pck2d/*")
@pytest.mark.parametrize("threshold", ["0.05", "0.1"])
def test_box_pck(threshold, vectors, precision):
    found = box_pck(*pair(vectors, "pck2d", precision), vectors["in/pck2d_mask"], float(threshold))
    close(found.nan_to_num(-1.0), vectors[f"pck2d/{threshold}_per_joint"])
    close(found.nanmean(), vectors[f"pck2d/{threshold}_mean"])


@checks("occlusion/*")
def test_occlusion_windows(vectors):
    for name in [name for name in vectors if name.startswith("occlusion/")]:
        side, window, stride = map(int, name.removeprefix("occlusion/").split("_"))
        assert sliding_windows(side, window, stride).tolist() == vectors[name].tolist()


@checks("cam/*")
def test_world_to_camera(vectors, precision):
    given = {name: vectors[f"in/cam_{name}"].to(precision) for name in ("pose_aa", "trans", "J0", "ext_aa", "ext_t")}
    turns = [roma.rotvec_to_rotmat(given[name]) for name in ("pose_aa", "ext_aa")]
    orientation, translation = world_to_camera(turns[0], given["trans"], given["J0"], turns[1], given["ext_t"])
    close(orientation, vectors["cam/global_orient_R"], TOLERANCE[precision])
    close(roma.rotmat_to_rotvec(orientation), vectors["cam/global_orient_aa"], TOLERANCE[precision])
    millimetres(translation, vectors["cam/transl"] * MILLIMETRES, precision)
    millimetres(translation + given["J0"], vectors["cam/root_joint"] * MILLIMETRES, precision)


@checks("box/spin_center_scale")
def test_box_of_keypoints(vectors):
    found = [
        square_crop(keypoint_box(person[:, :2], person[:, 2]), 1.2) for person in vectors["in/box_keypoints"].numpy()
    ]
    close(np.stack(found) / [1, 1, 200], vectors["box/spin_center_scale"])


def test_every_entry_is_checked(vectors):
    expected = {name for name in vectors if not name.startswith("in/")}
    assert {name for name in expected if not any(fnmatch(name, pattern) for pattern in checked)} == set()
    assert {pattern for pattern in checked if not any(fnmatch(name, pattern) for name in expected)} == set()
