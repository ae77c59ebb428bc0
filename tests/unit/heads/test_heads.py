import numpy as np
import pytest
import roma
import torch
from omegaconf import OmegaConf

from hpe.errors import UserError
from hpe.geometry.rotations import rotmat_to_6d
from hpe.heads.head import build_head
from hpe.heads.iterative import IterativeHead
from hpe.heads.mean_parameters import MeanParameters, standing_pose
from hpe.heads.part_query import PartQueryHead
from hpe.heads.patch_tokens import PatchTokens, patchify
from hpe.heads.pose_maps import JointPoseMap, PartPoseMap
from hpe.heads.query_attention import QueryAttention
from hpe.types import Batch

CHANNELS, SIZE = 6, 4
BATCH = Batch(torch.zeros(3, 3, 1, 1), torch.arange(3), torch.ones(3, 3), torch.ones(3, 2))


def features() -> torch.Tensor:
    return torch.randn(3, CHANNELS, SIZE, SIZE)


def heads() -> dict[str, torch.nn.Module]:
    small = {"channels": CHANNELS, "feature_size": SIZE, "width": 64}
    return {
        "iterative": IterativeHead(CHANNELS, hidden=256),
        "joints": PartQueryHead(**small, patch=2),
        "narrow": PartQueryHead(**small, patch=1, out_width=32),
        "parts": PartQueryHead(**small, patch=4, parts=11),
        "split": PartQueryHead(**small, patch=2, parts=11, split=True),
        "split joints": PartQueryHead(**small, patch=2, split=True),
        "masked": PartQueryHead(**small, patch=1, mask_ratio=0.5, mask_sampling="uniform"),
    }


@pytest.mark.parametrize("name", heads())
def test_every_head_gives_rotations_and_repeats_itself_in_evaluation(name):
    head = heads()[name].eval()
    inputs = features()
    output = head(inputs, BATCH)
    assert roma.is_rotation_matrix(output.rotmats, 1e-4)
    assert output.rotmats.shape == (3, 24, 3, 3)
    assert output.betas.shape == (3, 10)
    assert output.camera.shape == (3, 3)
    torch.testing.assert_close(head(inputs, BATCH).rotmats, output.rotmats, rtol=0, atol=0)


@pytest.mark.parametrize("name", heads())
def test_every_weight_gets_a_gradient(name):
    head = heads()[name].train()
    output = head(features(), BATCH)
    (
        output.rotmats.square().mul(torch.arange(9.0).view(3, 3)).sum() + output.betas.sum() + output.camera.sum()
    ).backward()
    assert all(weight.grad is not None for weight in head.parameters())


@pytest.mark.parametrize("name", heads())
def test_an_untrained_head_starts_near_the_mean_person(name):
    torch.manual_seed(0)
    output = heads()[name].eval()(features(), BATCH)
    angles = roma.rotmat_geodesic_distance(output.rotmats, standing_pose().expand(3, -1, -1, -1))
    assert angles.max() < 0.5
    assert (output.camera - torch.tensor([0.9, 0.0, 0.0])).abs().max() < 0.5


def test_standing_person_is_upright_and_faces_the_camera():
    up_and_front = torch.eye(3)[1:]
    turned = up_and_front @ standing_pose()[0].T
    torch.testing.assert_close(turned, -up_and_front, atol=1e-6, rtol=0)


def test_arms_of_the_standing_person_are_lowered():
    left, right = standing_pose()[[16, 17]]
    assert (left @ torch.tensor([1.0, 0.0, 0.0]))[1] < -0.8
    assert (right @ torch.tensor([-1.0, 0.0, 0.0]))[1] < -0.8


@pytest.mark.parametrize("layout", ["joint_major", "dimension_major"])
def test_the_standing_person_is_the_same_in_both_layouts(layout):
    torch.testing.assert_close(MeanParameters(layout=layout).pose6d, rotmat_to_6d(standing_pose()))


def write_mean(path, **changes):
    values = {"pose": np.arange(144.0), "shape": np.ones(10), "cam": np.array([0.9, 0.1, 0.2])} | changes
    np.savez(path, **values)
    return str(path)


def test_a_file_is_read_in_either_layout(tmp_path):
    file = write_mean(tmp_path / "mean.npz")
    joint_major, dimension_major = MeanParameters(file), MeanParameters(file, layout="dimension_major")
    assert joint_major.pose6d[2].tolist() == [12, 13, 14, 15, 16, 17]
    assert dimension_major.pose6d[2].tolist() == [2, 26, 50, 74, 98, 122]
    assert joint_major.betas.tolist() == [1] * 10
    torch.testing.assert_close(joint_major.camera, torch.tensor([0.9, 0.1, 0.2]))


def test_files_without_mean_parameters_are_named(tmp_path):
    (tmp_path / "text.npz").write_text("no arrays")
    for file in (tmp_path / "none.npz", tmp_path / "text.npz", write_mean(tmp_path / "short.npz", pose=[1.0])):
        with pytest.raises(UserError, match="npz"):
            MeanParameters(str(file))


def test_patches_are_raster_ordered_with_the_channel_fastest():
    image = torch.arange(2 * 4 * 4).view(1, 2, 4, 4).float()
    patches = patchify(image, 2)
    assert patches.shape == (1, 4, 8)
    assert patches[0, 1].tolist() == [2, 18, 3, 19, 6, 22, 7, 23]


def test_masking_drops_its_share_and_only_in_training():
    tokens = PatchTokens(CHANNELS, SIZE, patch=1, width=8, mask_ratio=0.3)
    kept_tokens, kept = tokens.train()(features())
    assert kept_tokens.shape == (3, 16 - int(0.3 * 16), 8)
    assert all(len(set(row.tolist())) == len(row) for row in kept)
    assert tokens.eval()(features())[1] is None


def test_kept_tokens_are_those_of_the_whole_map():
    tokens = PatchTokens(CHANNELS, SIZE, patch=1, width=8, mask_ratio=0.5)
    inputs = features()
    (some, kept), (everything, _) = tokens.train()(inputs), tokens.eval()(inputs)
    torch.testing.assert_close(some, everything.gather(1, kept[..., None].expand_as(some)))


def test_uniform_masking_never_exceeds_its_ratio():
    tokens = PatchTokens(CHANNELS, SIZE, 1, 8, mask_ratio=0.75, mask_sampling="uniform").train()
    counts = {tokens(features())[0].shape[1] for _ in range(40)}
    assert min(counts) >= 4
    assert len(counts) > 3


def test_attention_rows_sum_to_one_and_dropped_patches_are_marked():
    head = PartQueryHead(CHANNELS, SIZE, patch=1, width=8, mask_ratio=0.25).train()
    attention = head(features(), BATCH).auxiliary["attention"]
    dropped = attention == -1
    assert (dropped.sum(-1) == 4).all()
    torch.testing.assert_close(attention.masked_fill(dropped, 0).sum(-1), torch.ones(3, 24))
    torch.testing.assert_close(head.eval()(features(), BATCH).auxiliary["attention"].sum(-1), torch.ones(3, 24))


def test_attention_does_not_depend_on_the_order_of_tokens():
    attention = QueryAttention(queries=5, width=8, out_width=3)
    tokens = torch.randn(2, 9, 8)
    torch.testing.assert_close(attention(tokens.flip(1))[0], attention(tokens)[0])


def test_a_joint_reads_its_own_query_and_a_part_map_its_part():
    for layer, queries, query, joints in ((JointPoseMap(4), 24, 7, [7]), (PartPoseMap(4), 11, 1, [4, 7, 10])):
        inputs = torch.randn(1, queries, 4)
        changed = inputs.clone()
        changed[:, query] += 1
        moved = (layer(inputs) != layer(changed)).any(-1)[0].nonzero().flatten()
        assert moved.tolist() == joints


def test_iterations_correct_the_estimate():
    inputs = features()
    torch.manual_seed(0)
    once = IterativeHead(CHANNELS, hidden=16, iterations=1).eval()
    thrice = IterativeHead(CHANNELS, hidden=16, iterations=3).eval()
    thrice.load_state_dict(once.state_dict())
    assert not torch.allclose(once(inputs, BATCH).betas, thrice(inputs, BATCH).betas)


def config(**changes):
    base = {"_target_": "hpe.heads.part_query.PartQueryHead", "channels": None, "feature_size": None, "width": 8}
    return OmegaConf.create(base | changes)


def test_a_head_takes_what_the_backbone_gives():
    head = build_head(config(patch=2), CHANNELS, SIZE)
    assert head(features(), BATCH).betas.shape == (3, 10)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"channels": 480}, "channels=480 but the backbone gives channels=6"),
        ({"feature_size": 56}, "feature_size=56 but the backbone gives feature_size=4"),
    ],
)
def test_a_misfit_is_told_before_training(changes, message):
    with pytest.raises(UserError, match=message):
        build_head(config(**changes), CHANNELS, SIZE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"patch": 3}, "patches of 3 do not tile a feature map of 4x4"), ({"parts": 13}, "24 joints or 11 parts, not 13")],
)
def test_impossible_options_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        PartQueryHead(CHANNELS, SIZE, **changes)
