"""Part attention: what each joint looks at, and what its options change."""

from functools import partial

import pytest
import roma
import torch
from torch import Tensor

from hpe.errors import UserError
from hpe.heads.branches import convolution, deconvolution, upsampling
from hpe.heads.coattention import CoAttention
from hpe.heads.iterative_joint_regression import IterativeJointRegression
from hpe.heads.iterative_regression import WholeBodyRegression
from hpe.heads.joint_regression import JointRegression
from hpe.heads.keypoint_sampling import KeypointSampling
from hpe.heads.mean_parameters import standing_pose
from hpe.heads.part_attention import PartAttentionHead
from hpe.heads.pooling import AttentionPooling, AveragePooling
from hpe.types import Batch, HeadOutput

CHANNELS, WIDTH = 6, 8
BATCH = Batch(torch.zeros(3, 3, 1, 1), torch.arange(3), torch.ones(3, 3), torch.ones(3, 2))


def features() -> Tensor:
    return torch.randn(3, CHANNELS, 4, 6)


def head(**options: object) -> PartAttentionHead:
    torch.manual_seed(0)
    return PartAttentionHead(CHANNELS, **{"branch": partial(convolution, width=WIDTH), "shape_width": 4} | options)


OPTIONS = {
    "none": {},
    "upsampling": {"branch": partial(upsampling, width=WIDTH, layers=2)},
    "deconvolution": {"branch": partial(deconvolution, width=WIDTH, layers=1)},
    "average": {"pooling": AveragePooling()},
    "sigmoid": {"pooling": AttentionPooling("sigmoid", scaled=True), "project_pooled": True},
    "keypoints": {"pooling": KeypointSampling()},
    "iterative": {"regression": IterativeJointRegression},
    "read anew": {"regression": partial(IterativeJointRegression, residual=False)},
    "whole body": {"regression": partial(WholeBodyRegression, hidden=512, dropout=0.0)},
    "without mean": {"regression": partial(JointRegression, mean_pose=False, mean_shape=False)},
    "co-attention": {"coattention": partial(CoAttention, fusion="double", kernel=3, iterations=2)},
    "shared": {"background": False, "shared_branch": True},
}


def objective(output: HeadOutput) -> Tensor:
    return output.rotmats.square().mul(torch.arange(9.0).view(3, 3)).sum() + output.betas.sum() + output.camera.sum()


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_gives_rotations_and_trains_its_weights(name: str) -> None:
    network = head(**OPTIONS[name])
    output = network(features(), BATCH)
    assert roma.is_rotation_matrix(output.rotmats, 1e-4)
    objective(output).backward()
    idle = {key for key, weight in network.named_parameters() if weight.grad is None}
    assert all(key.startswith(("part_branch", "part_map")) for key in idle), idle
    assert bool(idle) == (name == "average")


@pytest.mark.parametrize("name", sorted(set(OPTIONS) - {"without mean", "read anew"}))
def test_an_untrained_head_starts_near_the_mean_person(name: str) -> None:
    output = head(**OPTIONS[name]).eval()(features(), BATCH)
    assert roma.rotmat_geodesic_distance(output.rotmats, standing_pose().expand(3, -1, -1, -1)).max() < 0.5


@pytest.mark.parametrize("name", ["without mean", "read anew"])
def test_rotations_from_nothing_are_well_determined(name: str) -> None:
    lengths = head(**OPTIONS[name])(features(), BATCH).auxiliary["pose6d"].norm(dim=-1)
    assert 0.3 < lengths.median() < 3


def test_auxiliary_says_what_was_read_where() -> None:
    auxiliary = head()(features(), BATCH).auxiliary
    assert auxiliary["part_logits"].shape == (3, 25, 4, 6)
    torch.testing.assert_close(auxiliary["attention"], softmax_over_positions(auxiliary["part_logits"][:, 1:]))
    assert auxiliary["attention_centres"].abs().max() < 1
    assert auxiliary["pose_features"].shape == (3, 24, WIDTH)
    assert auxiliary["shape_features"].shape == (3, 24, 4)


def softmax_over_positions(maps: Tensor) -> Tensor:
    return maps.flatten(2).softmax(-1).view_as(maps)


def test_maps_without_background_are_no_part_logits() -> None:
    auxiliary = head(background=False)(features(), BATCH).auxiliary
    assert "part_logits" not in auxiliary
    assert auxiliary["joint_logits"].shape == (3, 24, 4, 6)


def test_a_joint_reads_only_what_it_looks_at() -> None:
    network, inputs = head(branch=partial(convolution, width=WIDTH, layers=1)).eval(), features()
    attention = torch.zeros(3, 24, 4, 6)
    attention[..., :3] = 1 / 12
    network.pooling.forward = lambda maps: attention
    changed = inputs.clone()
    changed[..., 4:] += 1
    assert torch.equal(network(inputs, BATCH).rotmats, network(changed, BATCH).rotmats)


def test_co_attention_needs_two_branches() -> None:
    with pytest.raises(UserError, match=r"head.shared_branch=false"):
        head(shared_branch=True, coattention=CoAttention)
