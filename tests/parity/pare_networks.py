"""Golden PARE: whole networks, PARE's own and its HMR baselines, from picture to parameters."""

from functools import partial

import hydra
import pytest
import torch
from golden import Golden, no_labels
from pare_heads import filled, load_head
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from hpe.backbones.backbone import Backbone
from hpe.backbones.hrnet import HRNet
from hpe.backbones.timm_backbone import TimmBackbone
from hpe.config import config_folder
from hpe.heads.head import build_head
from hpe.heads.iterative import IterativeHead
from hpe.heads.part_attention import PartAttentionHead
from hpe.released import hmr, pare
from hpe.released.backbones import HRNET_ENLARGED, HRNET_REDUCED, RESNET
from hpe.released.key_map import KeyMap
from hpe.released.loading import fill

BACKBONES = {
    "pare_hrnet_w32_conv": partial(HRNet, 32),
    "pare_hrnet_w48_conv": partial(HRNet, 48),
    "hrnet_w32_interp_up": partial(HRNet, 32, "interp"),
    "hrnet_w48_interp_up": partial(HRNet, 48, "interp"),
    "hmr_resnet50": partial(TimmBackbone, "resnet50"),
    "hmr_hrnet_w32_conv": partial(HRNet, 32, stride=32),
    "hmr_hrnet_w32_interp": partial(HRNet, 32, "interp", stride=32),
}
IMAGES = {"pare_hrnet_w32": "pare_w32", "pare_hrnet_w48": "pare_w48", "hrnet": "interp", "hmr": "hmr"}
CHECKED = tuple(f"{group}/" for group in BACKBONES)


def groups(prefix: str) -> list[str]:
    return [group for group in BACKBONES if group.startswith(prefix)]


def features_of(golden: Golden, group: str) -> Tensor:
    """Features of the group's picture, once they are those of the published backbone."""
    backbone: Backbone = BACKBONES[group]()
    report = fill(nn.ModuleDict({"backbone": backbone}), keys_of(group), filled(golden, group, "backbone"))
    assert report.fits
    assert not report.unknown
    size = next(golden.sizes[f"image_{name}"] for prefix, name in IMAGES.items() if group.startswith(prefix))
    features = backbone.eval()(golden.inputs("image", *size))
    check_features(golden, group, features)
    assert features.shape[1] == backbone.channels
    assert features.shape[2] * backbone.stride == size[2]
    return features


def keys_of(group: str) -> KeyMap:
    if "resnet" in group:
        return RESNET
    return HRNET_REDUCED if group.startswith("hmr") else HRNET_ENLARGED


def check_features(golden: Golden, group: str, features: Tensor) -> None:
    golden.check(f"{group}/features_mean", features.mean((2, 3)), of_max=1e-4)
    golden.check(f"{group}/features_std", features.std((2, 3), correction=0), of_max=1e-4)
    height, width = features.shape[2:]
    golden.check(f"{group}/features_at", features[:, :, height // 4, width // 3], of_max=1e-4)
    for name in ("shape", "features_shape"):
        if f"{group}/{name}" in golden.vectors:
            golden.check(f"{group}/{name}", torch.tensor(features.shape))


@pytest.mark.slow
@pytest.mark.parametrize("group", groups("hrnet"))
@torch.no_grad()
def test_backbone(group: str, golden: Golden) -> None:
    features_of(golden, group)


@pytest.mark.slow
@pytest.mark.parametrize("group", groups("pare"))
@torch.no_grad()
def test_pare(group: str, golden: Golden) -> None:
    features = features_of(golden, group)
    head = load_head(published_head(features), filled(golden, group, "head"))
    output = head(features, no_labels(len(features)))
    golden.check(f"{group}/pred_pose", output.rotmats, of_max=1e-4)
    golden.check(f"{group}/pred_shape", output.betas, of_max=1e-4)
    golden.check(f"{group}/pred_cam", output.camera, of_max=1e-4)
    golden.check(f"{group}/part_feats_mean", head.part_branch(features).mean((2, 3)), of_max=1e-4)
    assert head.feature_branch is not None
    golden.check(f"{group}/smpl_feats_mean", head.feature_branch(features).mean((2, 3)), of_max=1e-4)
    golden.check(f"{group}/point_local_feat", output.auxiliary["pose_features"].mT, of_max=1e-4)
    golden.check(f"{group}/cam_shape_feats", output.auxiliary["shape_features"].mT, of_max=1e-4)
    check_parts(golden, group, output.auxiliary["part_logits"])


def published_head(features: Tensor) -> PartAttentionHead:
    """The head of `head=pare`, for features of any width."""
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        config = hydra.compose("train", ["head=pare", "head.channels=null"]).head
    head = build_head(config, features.shape[1], features.shape[2])
    assert isinstance(head, PartAttentionHead)
    return head


def check_parts(golden: Golden, group: str, logits: Tensor) -> None:
    golden.check(f"{group}/segm_pooled7", adaptive_avg_pool2d(logits, 7), of_max=1e-4)
    labels = logits.argmax(1)[:, ::4, ::4]
    assert (labels != golden.vectors[f"{group}/segm_argmax"]).float().mean() <= 0.005


@pytest.mark.slow
@pytest.mark.parametrize("group", groups("hmr"))
@torch.no_grad()
def test_hmr(group: str, golden: Golden) -> None:
    features = features_of(golden, group)
    head = IterativeHead(features.shape[1]).eval()
    report = fill(nn.ModuleDict({"head": head}), hmr.HEAD, filled(golden, group, "head"))
    assert report.fits
    assert not report.unknown
    output = head(features, no_labels(len(features)))
    golden.check(f"{group}/pred_pose", output.rotmats, of_max=1e-4)
    check_parameters(golden, f"{group}/", head, features)
    head.regression.iterations = 1
    check_parameters(golden, f"{group}/n_iter1_", head, features)


def check_parameters(golden: Golden, prefix: str, head: IterativeHead, features: Tensor) -> None:
    output = head(features, no_labels(len(features)))
    golden.check(f"{prefix}pred_pose_6d", output.auxiliary["pose6d"].flatten(1), of_max=1e-4)
    golden.check(f"{prefix}pred_shape", output.betas, of_max=1e-4)
    golden.check(f"{prefix}pred_cam", output.camera, of_max=1e-4)


def test_every_published_tensor_has_a_name_or_is_known_to_be_unused(golden: Golden) -> None:
    for group in BACKBONES:
        system, with_resnet = hmr if group.startswith("hmr") else pare, "resnet" in group
        keys = system.WITH_RESNET if with_resnet else system.WITH_HRNET
        kept = [name for name in golden.parameters[group] if not keys.why_unused(name)]
        assert None not in [keys.ours(name) for name in kept]
        assert [keys.theirs(keys.ours(name) or "") for name in kept] == kept
