"""Names of MPQA's published tensors in our modules `backbone` (HRNet) and `head` (PartQueryHead).

The released files call the regressor by an older name than the published code does, and one of its layers too.
"""

from hpe.released.backbones import BODY, HRNET_ENLARGED
from hpe.released.key_map import KeyMap

SSPA = "a branch that teaches in training only"
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


def regressor(name: str, pose_map: str) -> KeyMap:
    """The head under the `name` that a file gives to the regressor, and to the 24-joint map of its pose."""
    return KeyMap(
        {
            f"{name}.head.encoder_pos_emb": "head.tokens.positions",
            f"{name}.head.to_patch_embedding.1.": "head.tokens.embedding.",
            f"{name}.head.encoder.cls_token": "head.attention.queries",
            f"{name}.head.encoder.to_q.0.": "head.attention.to_query.",
            f"{name}.head.encoder.to_k.0.": "head.attention.to_key.",
            f"{name}.head.encoder.to_v.0.": "head.attention.to_value.",
            f"{name}.head.encoder.to_out.0.": "head.attention.to_out.",
            f"{name}.mlp.init_pose": "head.mean.pose",
            f"{name}.mlp.init_shape": "head.mean.betas",
            f"{name}.mlp.init_cam": "head.mean.camera",
            f"{name}.mlp.{pose_map}.weight": "head.pose_map.weight",
            **{f"{name}.mlp.pose_mlp.{joint}.": f"head.pose_map.joints.{ours}." for joint, ours in JOINTS.items()},
            f"{name}.mlp.shape_mlp.": "head.betas_map.",
            f"{name}.mlp.cam_mlp.": "head.camera_map.",
        },
        unused={f"{name}.smpl.*": BODY, "*mask_token*": "stood for dropped patches, which the network leaves out"},
    )


KEYS = (
    HRNET_ENLARGED
    | regressor("online_prediction_head", "pose_mlp")
    | regressor("regression_branch", "pose_mlp.1")
    | KeyMap({}, unused={f"{branch}.*": SSPA for branch in ("target_prediction_head", "target_head", "energy_head")})
)
