import math
from dataclasses import replace

import pytest
import torch

from hpe.errors import UserError
from hpe.joints import joint_set
from hpe.losses.betas import BetasLoss
from hpe.losses.camera import CameraLoss
from hpe.losses.keypoints2d import Keypoints2DLoss
from hpe.losses.keypoints3d import Keypoints3DLoss
from hpe.losses.native_keypoints import NativeKeypointsLoss
from hpe.losses.rotation_confidence import rotation_confidence
from hpe.losses.rotations import RotationLoss
from hpe.losses.shape_prior import COMMON_BETAS, ShapePrior
from hpe.losses.vertices import VertexLoss
from hpe.losses.weighted_sum import WeightedSum
from hpe.types import Batch, Prediction

COUNT, JOINTS = 3, 24
TERMS = [Keypoints2DLoss(), Keypoints3DLoss(), RotationLoss(), BetasLoss(), VertexLoss()]


@pytest.fixture
def batch() -> Batch:
    return Batch(
        image=torch.zeros(COUNT, 3, 8, 8),
        sample=torch.arange(COUNT),
        crop=torch.ones(COUNT, 3),
        image_size=torch.ones(COUNT, 2),
        joints2d=torch.randn(COUNT, JOINTS, 2),
        confidence2d=torch.ones(COUNT, JOINTS),
        joints3d=torch.randn(COUNT, JOINTS, 3),
        confidence3d=torch.ones(COUNT, JOINTS),
        rotmats=torch.randn(COUNT, 24, 3, 3),
        betas=torch.randn(COUNT, 10),
        has_smpl=torch.ones(COUNT, dtype=torch.bool),
        vertices=torch.randn(COUNT, 7, 3),
    )


def perfect(batch: Batch) -> Prediction:
    camera = torch.tensor([0.9, 0.0, 0.0]).expand(COUNT, -1)
    fields = {name: getattr(batch, name).clone() for name in ("joints2d", "joints3d", "rotmats", "betas", "vertices")}
    return Prediction(camera=camera, **{name: value.requires_grad_() for name, value in fields.items()})


@pytest.mark.parametrize("loss", TERMS, ids=lambda loss: type(loss).__name__)
def test_a_perfect_prediction_costs_nothing(loss, batch):
    assert loss(perfect(batch), batch) == 0


@pytest.mark.parametrize(
    ("loss", "field", "expected"),
    [
        (Keypoints2DLoss(), "joints2d", 0.25),
        (RotationLoss(), "rotmats", 0.25),
        (BetasLoss(), "betas", 0.25),
        (VertexLoss(), "vertices", 0.5),
    ],
)
def test_an_offset_of_a_half_costs_its_square_or_itself(loss, field, expected, batch):
    prediction = perfect(batch)
    moved = replace(prediction, **{field: getattr(prediction, field) + 0.5})
    assert loss(moved, batch).item() == pytest.approx(expected, rel=1e-5)


def test_3d_joints_are_compared_around_the_root(batch):
    prediction = perfect(batch)
    everything_moved = replace(prediction, joints3d=prediction.joints3d + 2.0)
    assert Keypoints3DLoss()(everything_moved, batch).item() == pytest.approx(0, abs=1e-10)
    one_joint_moved = prediction.joints3d.clone()
    one_joint_moved[:, 5] += 0.5
    loss = Keypoints3DLoss()(replace(prediction, joints3d=one_joint_moved), batch)
    assert loss.item() == pytest.approx(0.25 / JOINTS, rel=1e-4)


def test_excluded_joints_are_no_part_of_the_mean(batch):
    prediction = perfect(batch)
    moved = prediction.joints3d.clone()
    moved[:, 4] += 0.5
    without_hands = Keypoints3DLoss(exclude=["*_hand"])(replace(prediction, joints3d=moved), batch)
    assert without_hands.item() == pytest.approx(0.25 / (JOINTS - 2), rel=1e-4)


def test_bodies_stand_for_joints_that_are_not_labelled(batch):
    """The first is labelled, the second has a body, the third has neither."""
    of_bodies = batch.joints3d.clone()
    of_bodies[[0, 2]] = torch.nan
    some = replace(batch, confidence3d=torch.tensor([[1.0], [0.0], [0.0]]).expand(-1, JOINTS), body_joints3d=of_bodies)
    moved = replace(perfect(batch), joints3d=batch.joints3d + 0.5 * (torch.arange(JOINTS) == 5)[:, None])
    with_bodies, labelled = Keypoints3DLoss(bodies=True), Keypoints3DLoss()
    assert with_bodies(moved, some).item() == pytest.approx(0.25 / JOINTS, rel=1e-4)
    torch.testing.assert_close(with_bodies(moved, some), labelled(moved[:2], batch[:2]))
    torch.testing.assert_close(with_bodies(moved, replace(some, joints3d=None)), labelled(moved[1:2], batch[1:2]))
    torch.testing.assert_close(with_bodies(moved, batch), labelled(moved, batch))
    neither = replace(batch, joints3d=None)
    assert with_bodies.missing(moved, neither) == ("batch.joints3d", "batch.body_joints3d")


def test_confidence_and_joint_weights_scale_the_error(batch):
    prediction = perfect(batch)
    moved = replace(prediction, joints2d=prediction.joints2d + 1.0)
    half = replace(batch, confidence2d=batch.confidence2d / 2)
    assert Keypoints2DLoss()(moved, half).item() == pytest.approx(0.5, rel=1e-5)
    assert Keypoints2DLoss({"*_knee": 0.0})(moved, batch).item() == pytest.approx(22 / 24, rel=1e-5)


@pytest.mark.parametrize("loss", TERMS, ids=lambda loss: type(loss).__name__)
def test_samples_without_label_do_not_count(loss, batch):
    prediction = perfect(batch)
    prediction = prediction.map(lambda tensor: tensor + torch.randn_like(tensor))
    labelled = torch.tensor([True, False, True])
    some = replace(
        batch,
        confidence2d=batch.confidence2d * labelled[:, None],
        confidence3d=batch.confidence3d * labelled[:, None],
        has_smpl=labelled,
    )
    torch.testing.assert_close(loss(prediction, some), loss(prediction[labelled], batch[labelled]))


@pytest.mark.parametrize("loss", TERMS, ids=lambda loss: type(loss).__name__)
def test_no_label_at_all_is_zero_with_zero_gradients(loss, batch):
    none = replace(
        batch,
        confidence2d=torch.zeros(COUNT, JOINTS),
        confidence3d=torch.zeros(COUNT, JOINTS),
        has_smpl=torch.zeros(COUNT, dtype=torch.bool),
    )
    prediction = perfect(batch)
    value = loss(prediction, none)
    value.backward()
    assert value == 0
    assert getattr(prediction, loss.prediction_fields[0]).grad.abs().max() == 0


def test_clips_give_what_their_frames_give(batch):
    prediction = perfect(batch).map(lambda tensor: tensor + torch.randn_like(tensor))
    for loss in (*TERMS, CameraLoss()):
        clip = loss(prediction.map(lambda tensor: tensor[None]), batch.map(lambda tensor: tensor[None]))
        torch.testing.assert_close(clip, loss(prediction, batch))


def test_camera_penalty_is_that_of_small_scales(batch):
    prediction = replace(perfect(batch), camera=torch.tensor([[0.0, 1.0, 1.0]]).expand(COUNT, -1))
    assert CameraLoss()(prediction, batch) == 1
    assert CameraLoss()(perfect(batch), batch).item() == pytest.approx(math.exp(-18), rel=1e-4)


def test_a_rotation_counts_as_far_as_it_can_be_trusted(batch):
    prediction = replace(perfect(batch), rotmats=batch.rotmats + 1.0)
    trusted = replace(batch, rotation_confidence=torch.linspace(0, 1, 24).expand(COUNT, -1))
    for confidence, expected in ((None, 1.0), ("joint", 0.5), ("mean", 0.5)):
        assert RotationLoss(confidence)(prediction, trusted).item() == pytest.approx(expected, rel=1e-4)
    knee_only = batch.rotmats.clone()
    knee_only[:, 4] += 1.0
    surely = RotationLoss("joint")(replace(prediction, rotmats=knee_only), trusted).item()
    assert surely == pytest.approx(4 / 23 / 24, rel=1e-4)


def test_a_rotation_is_trusted_by_the_joints_around_it():
    seen = torch.zeros(1, 49)
    left_wrist = joint_set("spin_49").index("left_wrist")
    seen[:, left_wrist] = 0.8
    trust = rotation_confidence(seen, "spin_49")[0]
    joints = dict(zip(joint_set("smpl_24").names, trust.tolist(), strict=True))
    assert {name for name, value in joints.items() if value} >= {"left_elbow", "left_wrist", "left_hand"}
    assert joints["left_shoulder"] == joints["left_knee"] == joints["right_wrist"] == 0


def test_attention_is_drawn_to_the_joints_that_are_known(batch):
    skeleton = torch.zeros(COUNT, 24, 2)
    skeleton[0] = torch.nan
    prediction = replace(perfect(batch), auxiliary={"attention_centres": torch.full((COUNT, 24, 2), 0.5)})
    loss = NativeKeypointsLoss()
    assert loss(prediction, replace(batch, skeleton2d=skeleton)) == 0.25
    assert loss(prediction, replace(batch, skeleton2d=skeleton + 4.0)) == 0
    assert loss(prediction, replace(batch, skeleton2d=skeleton * torch.nan)) == 0


def test_the_shape_prior_pulls_to_a_common_body(batch):
    common = torch.tensor(COMMON_BETAS).expand(COUNT, -1)
    assert ShapePrior()(replace(perfect(batch), betas=common), batch) == 0
    assert ShapePrior()(replace(perfect(batch), betas=common + 2.0), batch).item() == pytest.approx(4.0)


def test_other_joint_sets_and_unknown_joints_are_refused(batch):
    prediction = perfect(batch)
    with pytest.raises(UserError, match="gives joints of smpl_45 but the labels are smpl_24"):
        Keypoints2DLoss()(replace(prediction, joint_set="smpl_45"), batch)
    with pytest.raises(UserError, match="no joint of smpl_24 is called 'left_kne'; did you mean 'left_knee'"):
        Keypoints2DLoss({"left_kne": 0.0})(prediction, batch)


def test_the_sum_is_weighted_and_scaled_and_names_what_it_skips(batch):
    prediction = replace(perfect(batch), vertices=None)
    prediction = replace(prediction, betas=prediction.betas + 1.0)
    terms = {"betas": BetasLoss(), "vertices": VertexLoss(), "rotations": RotationLoss()}
    loss = WeightedSum({"betas": 0.5, "vertices": 1.0, "rotations": 0.0}, terms, scale=60.0)
    total, parts, skipped = loss(prediction, batch)
    assert total.item() == pytest.approx(30.0, rel=1e-5)
    assert list(parts) == ["betas"]
    assert skipped == ("vertices",)


def test_a_term_alone_says_what_it_lacks(batch):
    with pytest.raises(UserError, match=r"VertexLoss needs batch\.vertices"):
        VertexLoss()(perfect(batch), replace(batch, vertices=None))


def test_a_sum_without_any_term_is_an_error(batch):
    with pytest.raises(UserError, match="no loss term can be computed"):
        WeightedSum({"betas": 1.0}, {"betas": BetasLoss()})(replace(perfect(batch), betas=None), batch)


def test_weights_and_terms_have_the_same_names():
    with pytest.raises(UserError, match="'beta' needs both a weight and a definition; did you mean 'betas'"):
        WeightedSum({"beta": 1.0, "betas": 1.0}, {"betas": BetasLoss()})
