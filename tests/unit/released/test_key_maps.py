import pytest

from hpe.released import hmr, mpqa, pare
from hpe.released.key_map import KeyMap

NAMES = [
    (pare.WITH_HRNET, "backbone.stage2.0.branches.0.0.bn1.bias", "backbone.trunk.stage2.0.branches.0.0.bn1.bias"),
    (pare.WITH_HRNET, "backbone.upsample_stage_3.5.weight", "backbone.fusion.branches.2.5.weight"),
    (hmr.WITH_HRNET, "backbone.downsample_stage_1.4.bias", "backbone.fusion.branches.0.4.bias"),
    (hmr.WITH_RESNET, "backbone.layer4.0.conv1.weight", "backbone.model.layer4.0.conv1.weight"),
    (pare.HEAD, "head.smpl_deconv_layers.3.weight", "head.feature_branch.3.weight"),
    (pare.HEAD, "head.fc1.weight", "head.regression.corrections.fc1.weight"),
    (hmr.HEAD, "head.fc1.weight", "head.regression.fc1.weight"),
    (hmr.SPIN, "init_pose", "head.mean.pose"),
    (hmr.SPIN, "layer1.0.conv1.weight", "backbone.model.layer1.0.conv1.weight"),
    (mpqa.KEYS, "online_prediction_head.head.encoder.to_q.0.weight", "head.attention.to_query.weight"),
    (mpqa.KEYS, "online_prediction_head.mlp.pose_mlp.weight", "head.pose_map.weight"),
    (mpqa.KEYS, "online_prediction_head.mlp.pose_mlp.head.bias", "head.pose_map.joints.head.bias"),
]


@pytest.mark.parametrize(("keys", "theirs", "ours"), NAMES)
def test_names_become_ours_and_back(keys: KeyMap, theirs: str, ours: str) -> None:
    assert keys.ours(theirs) == ours
    assert keys.theirs(ours) == theirs
    assert keys.why_unused(theirs) is None


def test_what_mpqas_published_code_writes_has_the_same_names_here_as_its_released_files() -> None:
    assert mpqa.KEYS.ours("regression_branch.mlp.pose_mlp.1.weight") == "head.pose_map.weight"
    assert mpqa.KEYS.ours("regression_branch.mlp.pose_mlp.leftArm.bias") == "head.pose_map.joints.left_shoulder.bias"
    assert mpqa.KEYS.ours("regression_branch.mlp.init_cam") == "head.mean.camera"


@pytest.mark.parametrize(
    ("keys", "name", "why"),
    [
        (pare.WITH_HRNET, "backbone.final_layer.weight", "no forward pass reads"),
        (pare.WITH_HRNET, "smpl.smpl.v_template", "user's own file"),
        (pare.HEAD, "head.temperature", "not a weight"),
        (hmr.HEAD, "head.downsample_module.0.0.weight", "no forward pass reads"),
        (mpqa.KEYS, "online_prediction_head.smpl.smpl.betas", "user's own file"),
        (mpqa.KEYS, "online_prediction_head.head.mask_token", "dropped patches"),
        (mpqa.KEYS, "target_prediction_head.aux_head.0.weight", "in training only"),
    ],
)
def test_what_is_not_used_has_a_reason(keys: KeyMap, name: str, why: str) -> None:
    assert why in (keys.why_unused(name) or "")


def test_only_a_network_that_does_not_read_mean_parameters_may_lack_them() -> None:
    assert pare.WITH_HRNET.why_lacking("head.mean.pose")
    assert not hmr.WITH_RESNET.why_lacking("head.mean.pose")
    assert not mpqa.KEYS.why_lacking("head.mean.pose")
    assert hmr.SPIN.why_lacking("backbone.model.bn1.num_batches_tracked")


def test_unknown_names_stay_unknown() -> None:
    assert pare.HEAD.ours("head.branch_iter_2d_nonlocal.g.weight") is None
    assert pare.HEAD.why_unused("head.branch_iter_2d_nonlocal.g.weight") is None


def test_of_two_maps_together_the_first_counts() -> None:
    both = KeyMap({"a.": "first."}, unused={"b": "mine"}) | KeyMap(
        {"a.": "second.", "c.": "third."}, unused={"b": "his"}
    )
    assert (both.ours("a.x"), both.ours("c.x"), both.why_unused("b")) == ("first.x", "third.x", "mine")
