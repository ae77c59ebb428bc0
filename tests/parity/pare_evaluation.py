"""Golden PARE: the body under its cameras, the numbers of its evaluation, and tables of constants."""

import pytest
import roma
import torch
from fake_smpl import fake_smpl
from golden import Golden
from torch import Tensor

from hpe.bodies.body import Body
from hpe.geometry.alignment import procrustes
from hpe.geometry.cameras import crop_translation, full_image_translation, project, project_crop
from hpe.geometry.rotations import rotmat_from_6d
from hpe.joints import joint_map, joint_set
from hpe.metrics.orientation import SCORED, joint_angle
from hpe.metrics.pose import aligned, centre, pa_mpjpe, pve
from hpe.types import BodyOutput

CHECKED = ("smpl", "eval", "procrustes", "const/joint_map", "const/h36m", "const/j24", "const/smpl", "const/j49")
FOCAL, RESOLUTION, IMAGE = 5000.0, 224, torch.tensor([1280.0, 720.0])
NEAR = {"of_max": 2e-5}


@pytest.fixture(scope="module")
def random_body(golden: Golden) -> Body:
    return fake_smpl(golden)


@pytest.fixture(scope="module")
def predicted_rotmats(golden: Golden) -> Tensor:
    return rotmat_from_6d(golden.inputs("smplhead.rot6d", golden.count("smpl/joints3d"), 24, 6))


@pytest.fixture(scope="module")
def predicted_mesh(golden: Golden, random_body: Body, predicted_rotmats: Tensor) -> BodyOutput:
    return random_body(predicted_rotmats, 0.5 * golden.inputs("smplhead.shape", len(predicted_rotmats), 10))


@pytest.fixture(scope="module")
def true_rotmats(golden: Golden) -> Tensor:
    pose = 0.4 * golden.inputs("eval.gt_pose", golden.count("eval/v2v"), 72)
    return roma.rotvec_to_rotmat(pose.unflatten(1, (24, 3)))


@pytest.fixture(scope="module")
def labelled_mesh(golden: Golden, random_body: Body, true_rotmats: Tensor) -> BodyOutput:
    return random_body(true_rotmats, 0.5 * golden.inputs("eval.gt_betas", len(true_rotmats), 10))


def test_body_under_the_crop_camera(golden: Golden, random_body: Body, predicted_mesh: BodyOutput) -> None:
    golden.check("smpl/vertices_every_137", predicted_mesh.vertices[:, ::137], **NEAR)
    joints = random_body.joints(predicted_mesh.vertices, "spin_49", predicted_mesh.joints)
    golden.check("smpl/joints3d", joints, **NEAR)
    camera = golden.vectors["cam/wp_in"][: len(joints)]
    golden.check("smpl/pred_cam_t", crop_translation(camera, FOCAL, RESOLUTION), **NEAR)
    golden.check("smpl/joints2d_normalised", project_crop(joints, camera, FOCAL, RESOLUTION), **NEAR)


def test_body_under_the_camera_of_the_picture(golden: Golden, random_body: Body, predicted_mesh: BodyOutput) -> None:
    joints = random_body.joints(predicted_mesh.vertices, "spin_49", predicted_mesh.joints)
    people = len(joints)
    crop = torch.cat([golden.vectors["cam/bbox_center_in"], golden.vectors["cam/bbox_height_in"][:, None]], dim=1)
    camera, focal = (golden.vectors[f"cam/{name}_in"][:people] for name in ("wp", "focal"))
    translation = full_image_translation(camera, crop[:people], IMAGE.expand(people, 2), focal)
    golden.check("smpl/cam_head_cam_t", translation, **NEAR)
    turns = rotmat_from_6d(golden.inputs("rot6d", golden.count("rot/rot6d_to_rotmat"), 6))[:people]
    seen = project(joints @ turns.mT, translation, focal, IMAGE.expand(people, 2) / 2)
    golden.check("smpl/cam_head_joints2d", seen, **NEAR)


@pytest.mark.parametrize("name", ["j14", "j17"])
def test_errors_of_joints(
    name: str, golden: Golden, random_body: Body, predicted_mesh: BodyOutput, labelled_mesh: BodyOutput
) -> None:
    for mesh, whose in ((predicted_mesh.vertices, "pred"), (labelled_mesh.vertices, "gt")):
        joints = centre(random_body.joints(mesh, "h36m_17"), [0])[:, list(joint_map("h36m_17", name))]
        golden.check(f"eval/{name}_{whose}", joints, **NEAR)
    # From the vectors' own joints: of such bodies two alignments are nearly as good, and a rounding error decides.
    joints, goal = (golden.vectors[f"eval/{name}_{whose}"] for whose in ("pred", "gt"))
    golden.check(f"eval/{name}_mpjpe_per_joint", (joints - goal).norm(dim=-1), **NEAR)
    golden.check(f"eval/{name}_pampjpe_per_joint", (aligned(joints, goal) - goal).norm(dim=-1), **NEAR)
    golden.check(f"eval/{name}_pampjpe", pa_mpjpe(joints, goal), **NEAR)


def test_errors_of_meshes_and_orientations(
    golden: Golden,
    predicted_mesh: BodyOutput,
    labelled_mesh: BodyOutput,
    predicted_rotmats: Tensor,
    true_rotmats: Tensor,
) -> None:
    golden.check("eval/v2v", pve(predicted_mesh.vertices, labelled_mesh.vertices), **NEAR)
    angles = joint_angle(predicted_rotmats, true_rotmats)[:, list(SCORED)]
    golden.check("eval/joint_angle_error", torch.deg2rad(angles).mean(), **NEAR)


def test_alignment(golden: Golden) -> None:
    source, target = golden.vectors["procrustes/S1_in"], golden.vectors["procrustes/S2_in"]
    moved = procrustes(source, target)
    golden.check("procrustes/aligned", moved, **NEAR)
    golden.check("procrustes/error_per_joint", (moved - target).norm(dim=-1), **NEAR)
    errors = pa_mpjpe(source, target)
    golden.check("procrustes/error", errors, **NEAR)
    golden.check("procrustes/error_mean", errors.mean(), **NEAR)
    golden.check("procrustes/error_sum", errors.sum(), **NEAR)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("joint_map", joint_map("smpl_54", "spin_49")),
        ("h36m_to_j17", joint_map("h36m_17", "j17")),
        ("j24_to_j17", joint_map("spin_j24", "j17")),
        ("smpl_joints_flip", joint_set("smpl_24").flip),
        ("j49_flip", joint_set("spin_49").flip),
    ],
)
def test_tables_of_joints(name: str, ours: tuple[int, ...], golden: Golden) -> None:
    assert golden.vectors[f"const/{name}"].tolist() == list(ours)
