"""Names and shapes of PARE's published tensors in our modules `backbone` and `head` (PartAttentionHead).

The checkpoint's own prefix `model.` has been removed.
"""

from torch import Tensor

from hpe.released.backbones import HRNET, RESNET, Prefixes

HEAD: Prefixes = (
    ("head.temperature", None),  # an option of keypoint sampling, not a weight
    ("head.init_pose", "head.mean.pose"),
    ("head.init_shape", "head.mean.betas"),
    ("head.init_cam", "head.mean.camera"),
    ("head.keypoint_deconv_layers.", "head.part_branch."),
    ("head.smpl_deconv_layers.", "head.feature_branch."),
    ("head.keypoint_final_layer.", "head.part_map."),
    ("head.smpl_final_layer.", "head.shape_map."),
    ("head.keypoint_attention.conv1x1_pose.", "head.pose_projection."),
    ("head.keypoint_attention.conv1x1_shape_cam.", "head.shape_projection."),
    ("head.coattention.linear_e.", "head.coattention.affinity."),
    ("head.coattention.gate.", "head.coattention.gate."),
    ("head.coattention.final_conv_1.", "head.coattention.fuse_seen."),
    ("head.coattention.final_conv_2.", "head.coattention.fuse_parts."),
    ("head.pose_mlp.", "head.regression.pose_map."),
    ("head.shape_mlp.", "head.regression.betas_map."),
    ("head.cam_mlp.", "head.regression.camera_map."),
    *((f"head.{layer}.", f"head.regression.corrections.{layer}.") for layer in ("fc1", "fc2")),
    *((f"head.{layer}.", f"head.regression.corrections.{layer}.") for layer in ("decpose", "decshape", "deccam")),
)
WITH_HRNET: Prefixes = (*HRNET, *HEAD)
WITH_RESNET: Prefixes = (*RESNET, *HEAD)


def reshape(name: str, tensor: Tensor) -> Tensor:
    """A published tensor in our shape: axes of length 1 that our layers do not have are gone."""
    if name == "head.pose_mlp.weight":
        return tensor.squeeze((0, 4, 5))
    if name.startswith("head.init_"):
        return tensor.squeeze(0)
    return tensor.squeeze(-1) if name.startswith("head.keypoint_attention.") else tensor
