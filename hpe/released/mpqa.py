"""Names and shapes of MPQA's published tensors in our modules `backbone` (HRNet) and `head` (PartQueryHead)."""

from torch import Tensor

from hpe.released import names
from hpe.released.backbones import HRNET, Prefixes

PREFIXES: Prefixes = (
    *HRNET,
    ("regression_branch.smpl.", None),  # the body model comes from the user's own file
    ("regression_branch.head.encoder_pos_emb", "head.tokens.positions"),
    ("regression_branch.head.to_patch_embedding.1.", "head.tokens.embedding."),
    ("regression_branch.head.encoder.cls_token", "head.attention.queries"),
    ("regression_branch.head.encoder.to_q.0.", "head.attention.to_query."),
    ("regression_branch.head.encoder.to_k.0.", "head.attention.to_key."),
    ("regression_branch.head.encoder.to_v.0.", "head.attention.to_value."),
    ("regression_branch.head.encoder.to_out.0.", "head.attention.to_out."),
    ("regression_branch.mlp.init_pose", "head.mean.pose"),
    ("regression_branch.mlp.init_shape", "head.mean.betas"),
    ("regression_branch.mlp.init_cam", "head.mean.camera"),
    ("regression_branch.mlp.pose_mlp.1.", "head.pose_map."),
    ("regression_branch.mlp.pose_mlp.", "head.pose_map.joints."),
    ("regression_branch.mlp.shape_mlp.", "head.betas_map."),
    ("regression_branch.mlp.cam_mlp.", "head.camera_map."),
)
# The published names of SMPL's joints, which key the maps of the 11-part head.
JOINTS = {
    "hips": "pelvis",
    "leftUpLeg": "left_hip",
    "rightUpLeg": "right_hip",
    "spine": "spine1",
    "leftLeg": "left_knee",
    "rightLeg": "right_knee",
    "spine1": "spine2",
    "leftFoot": "left_ankle",
    "rightFoot": "right_ankle",
    "spine2": "spine3",
    "leftToeBase": "left_foot",
    "rightToeBase": "right_foot",
    "neck": "neck",
    "leftShoulder": "left_collar",
    "rightShoulder": "right_collar",
    "head": "head",
    "leftArm": "left_shoulder",
    "rightArm": "right_shoulder",
    "leftForeArm": "left_elbow",
    "rightForeArm": "right_elbow",
    "leftHand": "left_wrist",
    "rightHand": "right_wrist",
    "leftHandIndex1": "left_hand",
    "rightHandIndex1": "right_hand",
}


def rename(name: str) -> str | None:
    """Our name of a published tensor; None for one that we do without. Raises KeyError for an unknown one.

    >>> rename("regression_branch.mlp.pose_mlp.leftArm.bias")
    'head.pose_map.joints.left_shoulder.bias'
    """
    ours = names.rename(name, PREFIXES)
    stem = "head.pose_map.joints."
    if ours is None or not ours.startswith(stem):
        return ours
    joint, dot, parameter = ours.removeprefix(stem).partition(".")
    return stem + JOINTS[joint] + dot + parameter


def reshape(name: str, tensor: Tensor) -> Tensor:
    """A published tensor in our shape: the 24-joint pose map loses its three axes of length 1."""
    if name.endswith("pose_mlp.1.weight"):
        return tensor.squeeze((0, 4, 5))
    return tensor
