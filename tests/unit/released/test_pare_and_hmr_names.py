import pytest
import torch

from hpe.released import hmr, pare
from hpe.released.names import rename


@pytest.mark.parametrize(
    ("name", "table", "ours"),
    [
        ("backbone.stage2.0.branches.0.0.bn1.bias", pare.WITH_HRNET, "backbone.trunk.stage2.0.branches.0.0.bn1.bias"),
        ("backbone.upsample_stage_3.5.weight", pare.WITH_HRNET, "backbone.fusion.branches.2.5.weight"),
        ("backbone.downsample_stage_1.4.bias", hmr.WITH_HRNET, "backbone.fusion.branches.0.4.bias"),
        ("backbone.layer4.0.conv1.weight", hmr.WITH_RESNET, "backbone.model.layer4.0.conv1.weight"),
        ("head.smpl_deconv_layers.3.weight", pare.HEAD, "head.feature_branch.3.weight"),
        ("head.fc1.weight", pare.HEAD, "head.regression.corrections.fc1.weight"),
        ("head.fc1.weight", hmr.HEAD, "head.regression.fc1.weight"),
        ("init_pose", hmr.SPIN, "head.mean.pose"),
        ("layer1.0.conv1.weight", hmr.SPIN, "backbone.model.layer1.0.conv1.weight"),
    ],
)
def test_names_become_ours(name, table, ours):
    assert rename(name, table) == ours


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("backbone.final_layer.weight", pare.WITH_HRNET),
        ("head.temperature", pare.HEAD),
        ("head.downsample_module.0.0.weight", hmr.HEAD),
    ],
)
def test_tensors_without_use_are_dropped(name, table):
    assert rename(name, table) is None


def test_unknown_names_are_told():
    with pytest.raises(KeyError, match="branch_iter_2d_nonlocal"):
        rename("head.branch_iter_2d_nonlocal.g.weight", pare.HEAD)


def test_axes_of_length_one_go():
    assert pare.reshape("head.pose_mlp.weight", torch.zeros(1, 6, 128, 24, 1, 1)).shape == (6, 128, 24)
    assert pare.reshape("head.keypoint_attention.conv1x1_pose.weight", torch.zeros(1, 1, 1)).shape == (1, 1)
    assert pare.reshape("head.init_cam", torch.zeros(1, 3)).shape == (3,)
    assert hmr.reshape("init_shape", torch.zeros(1, 10)).shape == (10,)
    assert hmr.reshape("head.fc1.weight", torch.zeros(1, 10)).shape == (1, 10)
