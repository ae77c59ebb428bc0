"""Golden PARE: the part attention head with each of its options."""

from functools import partial
from typing import Any

import pytest
import torch
from golden import Golden, no_labels
from torch import Tensor, nn

from hpe.heads.branches import convolution, deconvolution, upsampling
from hpe.heads.coattention import CoAttention
from hpe.heads.iterative_joint_regression import IterativeJointRegression
from hpe.heads.iterative_regression import WholeBodyRegression
from hpe.heads.joint_regression import JointRegression
from hpe.heads.keypoint_sampling import KeypointSampling, peaks, soft_argmax
from hpe.heads.mean_parameters import MeanParameters
from hpe.heads.part_attention import PartAttentionHead
from hpe.heads.pooling import AttentionPooling
from hpe.released import pare
from hpe.released.loading import fill

Options = dict[str, Any]
FULL = ["features", "neighbour_features", "all_pose", "self_pose", "neighbour_pose", "shape", "camera"]
IEF_FULL = {"pose_inputs": FULL, "shape_inputs": ["features", "all_pose", "shape", "camera"], "residual": False}
VARIANTS: dict[str, Options] = {
    "released": {},
    "coatt_simple": {"coattention": CoAttention},
    "coatt_single3_x2": {"coattention": partial(CoAttention, fusion="single", kernel=3, iterations=2)},
    "coatt_double1": {"coattention": partial(CoAttention, fusion="double")},
    "ief_full": {"regression": partial(IterativeJointRegression, **IEF_FULL)},
    "ief_residual": {"regression": IterativeJointRegression},
    "hmr_regression": {"regression": WholeBodyRegression, "mean": MeanParameters()},
    "postconv_sigmoid_scale": {"pooling": AttentionPooling("sigmoid", scaled=True), "project_pooled": True},
    "kp_feats_for_smpl": {"shared_branch": True},
    "mean_camshape_pose": {"regression": JointRegression},
    "hm": {"pooling": KeypointSampling("hard"), "background": False},
    "hm_soft": {"pooling": KeypointSampling(), "background": False},
    "hm_none": {"pooling": KeypointSampling(temperature=2.0), "background": False},
    "attention": {"background": False},
    "part_segm_pool": {"pooling": KeypointSampling()},
    "deconv_resnet": {"branch": deconvolution},
    "upsample_resnet": {"branch": upsampling},
}
RELEASED = {"regression": partial(JointRegression, mean_pose=False, mean_shape=False)}
CHECKED = tuple(f"head_{name}/" for name in VARIANTS)
LEFT_OUT = (
    *("head_soft_attention", "head_branch_nonlocal", "head_final_nonlocal", "head_branch_iter", "head_mlp2"),
    *("head_resnet_conv", "head_pos_enc"),
)


def filled(golden: Golden, group: str, part: str) -> dict[str, Tensor]:
    """The published tensors of a group's `part` by the fill rule: scales of the backbone's batch norms are damped."""
    shapes = {name: shape for name, shape in golden.parameters[group].items() if name.startswith(f"{part}.")}
    # A single number cannot be filled by the rule: the published value stays.
    shapes.pop("head.temperature", None)
    tensors = {name: golden.weight(name, shape) for name, shape in shapes.items()}
    damped = [name for name in tensors if part == "backbone" and name.endswith("weight") and tensors[name].ndim == 1]
    return tensors | {name: 0.5 * tensors[name] for name in damped}


def load_head(head: PartAttentionHead, published: dict[str, Tensor]) -> PartAttentionHead:
    """`head` in eval mode with published tensors; all of its own must come, a branch that it lacks may be over."""
    report = fill(nn.ModuleDict({"head": head}), pare.HEAD, published)
    assert report.fits
    assert all(name.startswith("head.smpl_deconv_layers") for name in report.unknown)
    return head.eval()


def head_of(published: dict[str, Tensor], options: Options) -> PartAttentionHead:
    """The head whose published tensors have these shapes."""
    _, channels = conv_shape(published["head.keypoint_final_layer.weight"])
    first, layers = branch_shape(published, transposed=options.get("branch") is deconvolution)
    branch = partial(options.get("branch", convolution), width=channels, layers=layers)
    shape_width, _ = conv_shape(published["head.smpl_final_layer.weight"])
    chosen = RELEASED | {"mean": MeanParameters(layout="dimension_major")} | options | {"branch": branch}
    return load_head(PartAttentionHead(first, shape_width=shape_width, **chosen), published)


def conv_shape(weight: Tensor) -> tuple[int, int]:
    return weight.shape[0], weight.shape[1]


def branch_shape(published: dict[str, Tensor], transposed: bool) -> tuple[int, int]:
    """Channels that the branches read, and their number of layers."""
    kernels = [
        tensor for name, tensor in published.items() if "head.keypoint_deconv_layers" in name and tensor.ndim == 4
    ]
    return conv_shape(kernels[0])[0 if transposed else 1], len(kernels)


@pytest.mark.parametrize("name", VARIANTS)
@torch.no_grad()
def test_head(name: str, golden: Golden) -> None:
    group, options = f"head_{name}", VARIANTS[name]
    head = head_of(filled(golden, group, "head"), options)
    size = golden.sizes["head_features_resnet" if name.endswith("resnet") else "head_features"]
    output = head(golden.inputs("features", *size), no_labels(size[0]))
    golden.check(f"{group}/pred_pose", output.rotmats, of_max=1e-4)
    golden.check(f"{group}/pred_shape", output.betas, of_max=1e-4)
    golden.check(f"{group}/pred_cam", output.camera, of_max=1e-4)
    check_maps(golden, group, output.auxiliary, options)


def check_maps(golden: Golden, group: str, auxiliary: dict[str, Tensor], options: Options) -> None:
    logits = auxiliary["part_logits" if options.get("background", True) else "joint_logits"]
    for name in ("pred_segm_mask", "pred_heatmaps_2d", "pred_attention"):
        if f"{group}/{name}_mean" in golden.vectors:
            golden.check(f"{group}/{name}_mean", logits.mean((2, 3)), of_max=1e-4)
    pooling = options.get("pooling")
    if isinstance(pooling, KeypointSampling):
        maps = logits[:, -24:]
        points = soft_argmax(maps, pooling.temperature) if pooling.argmax == "soft" else peaks(maps)[0]
        golden.check(f"{group}/pred_kp2d", published_units(points, maps), of_max=1e-4)
    if f"{group}/pred_kp2d_conf" in golden.vectors:
        golden.check(f"{group}/pred_kp2d_conf", peaks(logits)[1][..., None], of_max=1e-4)


def published_units(points: Tensor, maps: Tensor) -> Tensor:
    """Pixels as the published code counts them: -1 at the middle of the first, 1 at that of the last."""
    height, width = maps.shape[-2:]
    return 2 * points / torch.tensor([width - 1, height - 1]) - 1
