"""Golden PARE: the layers of its head, one by one."""

import torch
from golden import Golden
from pare_heads import published_units

from hpe.heads.iterative_joint_regression import NEIGHBOURS
from hpe.heads.keypoint_sampling import bilinear_weights, peaks, soft_argmax
from hpe.heads.part_attention import PartAttentionHead
from hpe.heads.pooling import AttentionPooling, pool
from hpe.heads.pose_maps import JointPoseMap

CHECKED = ("layer/", "const/neighbor_triplets", "const/part_labels")


def maps_of(golden: Golden) -> torch.Tensor:
    batch, joints = golden.vectors["layer/softargmax2d"].shape[:2]
    return golden.inputs("heatmaps", batch, joints, 9, 7)


def test_soft_argmax(golden: Golden) -> None:
    maps = maps_of(golden)
    for name, temperature in (("softargmax2d", 1.0), ("softargmax2d_T3", 3.0)):
        golden.check(f"layer/{name}", published_units(soft_argmax(maps, temperature), maps), of_max=2e-5)


def test_peaks(golden: Golden) -> None:
    maps = maps_of(golden) - 2
    points, heights = peaks(maps)
    golden.check("layer/heatmap_preds", published_units(points, maps), of_max=2e-5)
    golden.check("layer/heatmap_conf", heights[..., None], of_max=2e-5)


def test_features_at_keypoints(golden: Golden) -> None:
    batch, channels, points = golden.vectors["layer/interpolate"].shape
    features = golden.inputs("feat_map", batch, channels, 9, 7)
    places = (0.6 * golden.inputs("uv", batch, points, 2)).clamp(-1, 1)
    pixels = (places + 1) / 2 * torch.tensor([6, 8])
    golden.check("layer/interpolate", pool(features, bilinear_weights(pixels, 9, 7)).mT, of_max=2e-5)


def test_a_map_of_its_own_for_each_joint(golden: Golden) -> None:
    batch, outputs, joints, _ = golden.vectors["layer/locally_connected"].shape
    weight = golden.weight("lc.weight", [1, outputs, 5, joints, 1, 1]).squeeze((0, 4, 5))
    layer, features = JointPoseMap(5), torch.zeros(batch, 24, 5)
    # Our map is always that of SMPL's 24 joints.
    layer.weight.data[:, :, :joints] = weight
    features[:, :joints] = golden.inputs("lc_in", batch, 5, joints, 1).squeeze(-1).mT
    golden.check("layer/locally_connected", layer(features)[:, :joints].mT[..., None], of_max=2e-5)


def test_attention(golden: Golden) -> None:
    maps = 3 * maps_of(golden)
    features = golden.inputs("ka_feat", len(maps), 3, 9, 7)
    for name, pooling in (("", AttentionPooling()), ("_sigmoid_scale", AttentionPooling("sigmoid", scaled=True))):
        golden.check(f"layer/keypoint_attention{name}", pool(features, pooling(maps)).mT, of_max=2e-5)


def test_neighbours(golden: Golden) -> None:
    triplets = golden.vectors["const/neighbor_triplets"]
    assert triplets[:, 0].tolist() == list(range(len(triplets)))
    assert triplets[:, 1:].tolist() == [list(pair) for pair in NEIGHBOURS]


def test_channels_of_parts(golden: Golden) -> None:
    head = PartAttentionHead(channels=4)
    read_by_joints = torch.arange(head.part_map.out_channels)[int(head.background) :]
    assert read_by_joints.tolist() == golden.vectors["const/part_labels"].tolist()
