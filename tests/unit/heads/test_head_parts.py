"""The parts of which the part attention head is composed, each beside its formula."""

import pytest
import torch
from torch.nn.functional import grid_sample

from hpe.errors import UserError
from hpe.heads.branches import convolution, deconvolution, upsampling
from hpe.heads.coattention import CoAttention
from hpe.heads.iterative_joint_regression import NEIGHBOURS, IterativeJointRegression
from hpe.heads.keypoint_sampling import KeypointSampling, bilinear_weights, peaks, soft_argmax
from hpe.heads.mean_parameters import MeanParameters
from hpe.heads.pooling import AttentionPooling, AveragePooling, centres, pool

MAPS = torch.randn(2, 3, 5, 4)


def test_pooling_is_a_weighted_sum_over_positions() -> None:
    features = torch.randn(2, 6, 5, 4)
    expected = torch.einsum("bjhw,bchw->bjc", MAPS, features)
    torch.testing.assert_close(pool(features, MAPS), expected)


def test_softmax_weights_sum_to_one_and_a_sharp_map_picks_its_peak() -> None:
    pooling = AttentionPooling()
    torch.testing.assert_close(pooling(MAPS).sum((-2, -1)), torch.ones(2, 3))
    peak = torch.zeros(1, 1, 5, 4)
    peak[..., 1, 3] = 1
    torch.testing.assert_close(pooling(1e3 * peak), peak)


def test_sigmoid_weights_do_not_compete() -> None:
    raised = MAPS.clone()
    raised[..., 0, 0] += 9
    pooling = AttentionPooling("sigmoid", scaled=True)
    assert torch.equal(pooling(raised)[..., 1:, :], pooling(MAPS)[..., 1:, :])
    torch.testing.assert_close(pooling(MAPS), (MAPS / 20**0.5).sigmoid())


def test_average_pooling_is_the_mean() -> None:
    features = torch.randn(2, 6, 5, 4)
    pooled = pool(features, AveragePooling()(MAPS))
    torch.testing.assert_close(pooled, features.mean((-2, -1))[:, None].expand(-1, 3, -1))


def test_centres_are_in_crop_units() -> None:
    weights = torch.zeros(1, 2, 5, 4)
    weights[0, 0, 0, 3] = 0.2
    weights[0, 1] = 1
    torch.testing.assert_close(centres(weights), torch.tensor([[[0.75, -0.8], [0.0, 0.0]]]))


@pytest.mark.parametrize(("branch", "grown"), [(convolution, 1), (upsampling, 4), (deconvolution, 4)])
def test_branches_keep_or_double_the_size(branch, grown) -> None:
    network = branch(6, width=8, layers=2)
    assert network.width == 8
    assert network(torch.randn(2, 6, 3, 5)).shape == (2, 8, 3 * grown, 5 * grown)


def test_co_attention_is_its_formula() -> None:
    network = CoAttention(4)
    parts, seen = torch.randn(2, 4, 3, 5), torch.randn(2, 4, 3, 5)
    of_parts, of_seen = parts.flatten(2), seen.flatten(2)
    affinity = of_seen.mT @ network.affinity.weight.T @ of_parts
    found_by_parts = (of_seen @ affinity.softmax(1)).view_as(parts)
    found_by_seen = (of_parts @ affinity.mT.softmax(1)).view_as(seen)
    gated = [found * network.gate(found).sigmoid() for found in (found_by_parts, found_by_seen)]
    expected = (
        network.fuse_parts(torch.cat([gated[0], parts], dim=1)),
        network.fuse_seen(torch.cat([gated[1], seen], dim=1)),
    )
    torch.testing.assert_close(network(parts, seen), expected)


def test_keypoints_are_found_and_sampled_bilinearly() -> None:
    points = torch.rand(2, 3, 2) * torch.tensor([3.0, 4.0])
    features = torch.randn(2, 6, 5, 4)
    units = 2 * points / torch.tensor([3.0, 4.0]) - 1
    expected = grid_sample(features, units[:, None], align_corners=True)[:, :, 0].mT
    torch.testing.assert_close(pool(features, bilinear_weights(points, 5, 4)), expected)


def test_the_soft_arg_max_of_a_sharp_map_is_its_peak() -> None:
    maps = torch.stack([torch.randperm(20) for _ in range(6)]).view(2, 3, 5, 4).float()
    found, heights = peaks(maps)
    torch.testing.assert_close(soft_argmax(maps, temperature=1e2), found)
    assert heights.eq(19).all()


def test_a_map_that_is_nowhere_positive_peaks_at_the_origin() -> None:
    assert peaks(-MAPS.abs())[0].eq(0).all()


def test_keypoints_pass_gradients_to_their_maps() -> None:
    maps = MAPS.clone().requires_grad_()
    centres(KeypointSampling()(maps))[..., 0].sum().backward()
    assert maps.grad is not None
    assert maps.grad.abs().max() > 0.01


def test_each_joint_sees_its_neighbours_in_turn() -> None:
    network = IterativeJointRegression(2, 2, pose_inputs=["neighbour_features"], shape_inputs=["shape"], iterations=1)
    features = torch.randn(1, 24, 2)
    changed = features.clone()
    changed[:, 7] += 1
    first, second = (network(value, features, MeanParameters())[0] for value in (features, changed))
    moved = (first != second).any(-1)[0].nonzero().flatten().tolist()
    assert moved == [joint for joint, pair in enumerate(NEIGHBOURS) if 7 in pair]


def test_unknown_inputs_are_refused() -> None:
    with pytest.raises(UserError, match=r"pose_inputs has no 'pose'; did you mean"):
        IterativeJointRegression(2, 2, pose_inputs=["pose"])
