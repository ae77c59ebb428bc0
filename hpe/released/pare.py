"""Names of PARE's published tensors in our modules `backbone` and `head` (PartAttentionHead)."""

from hpe.released.backbones import HRNET_ENLARGED, RESNET
from hpe.released.key_map import KeyMap

REGRESSION = ("fc1", "fc2", "decpose", "decshape", "deccam")

HEAD = KeyMap(
    {
        "head.init_pose": "head.mean.pose",
        "head.init_shape": "head.mean.betas",
        "head.init_cam": "head.mean.camera",
        "head.keypoint_deconv_layers.": "head.part_branch.",
        "head.smpl_deconv_layers.": "head.feature_branch.",
        "head.keypoint_final_layer.": "head.part_map.",
        "head.smpl_final_layer.": "head.shape_map.",
        "head.keypoint_attention.conv1x1_pose.": "head.pose_projection.",
        "head.keypoint_attention.conv1x1_shape_cam.": "head.shape_projection.",
        "head.coattention.linear_e.": "head.coattention.affinity.",
        "head.coattention.gate.": "head.coattention.gate.",
        "head.coattention.final_conv_1.": "head.coattention.fuse_seen.",
        "head.coattention.final_conv_2.": "head.coattention.fuse_parts.",
        "head.pose_mlp.": "head.regression.pose_map.",
        "head.shape_mlp.": "head.regression.betas_map.",
        "head.cam_mlp.": "head.regression.camera_map.",
        **{f"head.{layer}.": f"head.regression.corrections.{layer}." for layer in REGRESSION},
    },
    unused={"head.temperature": "an option of keypoint sampling, not a weight"},
    may_lack={"head.mean.*": "the released network starts from nothing, not from mean parameters"},
)
WITH_HRNET = HRNET_ENLARGED | HEAD
WITH_RESNET = RESNET | HEAD
