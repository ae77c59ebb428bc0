"""Golden PARE: the terms of its loss and of its HMR's, and their weighted sums."""

from dataclasses import replace

import pytest
import roma
import torch
from golden import Golden, no_labels
from torch import Tensor

from hpe.losses.betas import BetasLoss
from hpe.losses.camera import CameraLoss
from hpe.losses.keypoints2d import Keypoints2DLoss
from hpe.losses.keypoints3d import Keypoints3DLoss
from hpe.losses.native_keypoints import NativeKeypointsLoss
from hpe.losses.part_segmentation import UNKNOWN, PartSegmentationLoss
from hpe.losses.rotations import RotationLoss
from hpe.losses.shape_prior import ShapePrior
from hpe.losses.vertices import VertexLoss
from hpe.losses.weighted_sum import WeightedSum
from hpe.rendering.part_maps import render_parts
from hpe.types import Batch, Prediction

CHECKED = ("const/part_labels", "loss/gt_segm", "loss/pred_", "loss/pare_", "loss/hmr_", "loss/cross_entropy")
TOLERANCE, VERTICES, SHRUNK = 2e-5, 100, 4
# Our terms by the names in the authors' log.
NAMES = {
    "keypoints2d": "loss_keypoints",
    "keypoints3d": "loss_keypoints_3d",
    "rotations": "loss_regr_pose",
    "betas": "loss_regr_betas",
    "vertices": "loss_shape",
    "camera": "loss_cam",
    "parts": "loss_segm_mask",
    "shape_prior": "loss_beta_req",
    "native_keypoints": "loss_keypoints_native",
}
DEFAULT = {"keypoints2d": 5.0, "keypoints3d": 5.0, "rotations": 1.0, "betas": 0.001, "camera": 1.0}
ALL = {"keypoints2d": 2.0, "keypoints3d": 2.0, "rotations": 1.5, "betas": 0.01, "camera": 1.0, "vertices": 0.5}


def terms(confidence: str = "joint", openpose: float = 0.0, others: float = 1.0) -> dict[str, torch.nn.Module]:
    """All terms; 2D joints count `openpose` or `others`, which begin with no op_."""
    joints = {"*": others, "*op_*": openpose}
    return {
        "keypoints2d": Keypoints2DLoss(joints),
        "keypoints3d": Keypoints3DLoss(("right_hip", "left_hip"), ("*op_*",)),
        "rotations": RotationLoss(confidence),
        "betas": BetasLoss(),
        "vertices": VertexLoss(),
        "camera": CameraLoss(),
        "parts": PartSegmentationLoss(),
        "shape_prior": ShapePrior(),
        "native_keypoints": NativeKeypointsLoss(),
    }


CASES = {
    "pare_default": (DEFAULT | {"parts": 1.0}, terms(), 60.0),
    "pare_all": (ALL | {"parts": 0.1, "shape_prior": 1.0}, terms("joint", 0.3, 0.8), 7.0),
    "pare_kp2d": (DEFAULT | {"native_keypoints": 5.0}, terms(), 60.0),
    "pare_no3d_attention": (DEFAULT, terms(), 60.0),
    "hmr_default": (DEFAULT, terms("mean"), 60.0),
}


def capped(values: Tensor) -> Tensor:
    return values.abs().clamp(max=1)


@pytest.fixture
def labelled_people(golden: Golden) -> Batch:
    count = golden.sizes["loss_batch"]
    segments = golden.vectors["loss/gt_segm_mask_in"].long()
    has_smpl, has_joints = (torch.tensor(golden.sizes[name]).bool() for name in ("has_smpl", "has_pose_3d"))
    labelled = torch.zeros(count, 49, 4)
    labelled[:, 25:, :3] = 0.3 * golden.inputs("loss.gt_j3d", count, 24, 3)
    labelled[:, 25:, 3:] = capped(golden.inputs("loss.gt_j3d_conf", count, 24, 1)) * has_joints[:, None, None]
    return replace(
        no_labels(count),
        joint_set="spin_49",
        rotmats=roma.rotvec_to_rotmat(0.5 * golden.inputs("loss.gt_pose", count, 72).unflatten(1, (24, 3))),
        rotation_confidence=capped(golden.inputs("loss.pose_conf", count, 24)),
        betas=golden.inputs("loss.gt_betas", count, 10),
        has_smpl=has_smpl,
        joints3d=labelled[..., :3],
        confidence3d=labelled[..., 3],
        vertices=0.3 * golden.inputs("loss.gt_verts", count, VERTICES, 3),
        joints2d=0.5 * golden.inputs("loss.gt_kp", count, 49, 2),
        confidence2d=capped(golden.inputs("loss.gt_kp_conf", count, 49, 1))[..., 0],
        skeleton2d=0.5 * golden.inputs("loss.smpl_kp", count, 24, 2),
        parts=torch.where(has_smpl[:, None, None], segments, UNKNOWN),
    )


@pytest.fixture
def predicted_people(golden: Golden) -> Prediction:
    count, *size = golden.vectors["loss/gt_segm_mask_in"].shape
    return Prediction(
        joints3d=0.3 * golden.inputs("loss.j3d", count, 49, 3),
        joint_set="spin_49",
        joints2d=0.5 * golden.inputs("loss.j2d", count, 49, 2),
        rotmats=golden.vectors["loss/pred_pose_in"],
        betas=golden.inputs("loss.shape", count, 10),
        camera=golden.vectors["loss/pred_cam_in"],
        vertices=0.3 * golden.inputs("loss.verts", count, VERTICES, 3),
        auxiliary={
            "part_logits": golden.inputs("loss.segm", count, 25, *(side // SHRUNK for side in size)),
            "attention_centres": 0.5 * golden.inputs("loss.kp2d", count, 24, 2),
        },
    )


def nobody(batch: Batch) -> Batch:
    """The batch without a label in 3D."""
    assert batch.has_smpl is not None
    assert batch.confidence3d is not None
    nothing = torch.zeros_like
    return replace(batch, has_smpl=nothing(batch.has_smpl), confidence3d=nothing(batch.confidence3d))


@pytest.mark.parametrize("case", CASES)
def test_loss_terms_and_their_sum(
    golden: Golden, case: str, labelled_people: Batch, predicted_people: Prediction
) -> None:
    weights, some, scale = CASES[case]
    batch = nobody(labelled_people) if case == "pare_no3d_attention" else labelled_people
    report = WeightedSum(weights, {name: some[name] for name in weights}, scale)(predicted_people, batch)
    golden.check(f"loss/{case}/total_loss", report.total, of_max=TOLERANCE)
    for name, value in report.terms.items():
        golden.check(f"loss/{case}/{NAMES[name]}", value, of_max=TOLERANCE)


def test_every_loss_term_is_summed(golden: Golden) -> None:
    for case, (weights, *_) in CASES.items():
        known = {f"loss/{case}/{NAMES[name]}" for name in weights} | {f"loss/{case}/total_loss"}
        off = {name for name in golden.vectors if name.startswith(f"loss/{case}/")} - known
        assert all(golden.vectors[name] == 0 for name in off), off


def test_cross_entropy_of_all_people(golden: Golden, labelled_people: Batch, predicted_people: Prediction) -> None:
    everybody = replace(labelled_people, parts=golden.vectors["loss/gt_segm_mask_in"].long())
    golden.check("loss/cross_entropy", PartSegmentationLoss()(predicted_people, everybody), of_max=TOLERANCE)


def test_labels_of_parts(golden: Golden) -> None:
    """A row of 24 triangles, one a part and pixel."""
    count = golden.count("const/part_labels")
    left = torch.arange(count)[:, None] * 2 / count - 1
    across, down = left + torch.tensor([0.0, 1.0, 0.0]) * 2 / count, torch.tensor([-1.0, -1.0, 3.0]).expand(count, 3)
    corners = torch.stack([across, down, torch.ones(count, 3)], dim=-1).flatten(0, 1)
    faces = torch.arange(3 * count).unflatten(0, (count, 3)).flip(-1)
    drawn = render_parts(corners[None], faces, torch.arange(count), torch.ones(1), torch.zeros(1, 2), count)
    golden.check("const/part_labels", drawn[0, 0].to(torch.int16))
