"""Poses within the limits of human joints, by family, and a walking gait.

Angles are in degrees and named as in anatomy, so that one table serves both sides of the body:
flexion moves forward (a knee's backward), abduction away from the middle, rotation is about the limb's own axis
and positive outwards. A hanging arm has `shoulder_lowering` 90, a T-pose 0.
"""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from numpy.random import Generator
from scipy.spatial.transform import Rotation

from hpe.joints import joint_set

Ranges = dict[str, tuple[float, float]]

LIMBS: Ranges = {
    "hip_flexion": (-8, 18),
    "hip_abduction": (0, 14),
    "hip_rotation": (-5, 25),
    "knee_flexion": (0, 18),
    "ankle_flexion": (-8, 12),
    "shoulder_lowering": (55, 84),
    "shoulder_flexion": (-15, 25),
    "shoulder_rotation": (-40, 30),
    "elbow_flexion": (2, 55),
    "wrist_flexion": (-20, 25),
    "collar_lift": (-3, 6),
}
TRUNK: Ranges = {
    "spine_flexion": (-6, 12),
    "spine_bend": (-8, 8),
    "spine_rotation": (-15, 15),
    "neck_flexion": (-15, 20),
    "neck_bend": (-12, 12),
    "neck_rotation": (-45, 45),
}
STANDING: Ranges = LIMBS | TRUNK
FAMILIES: dict[str, Ranges] = {
    "standing": STANDING,
    "reaching": STANDING
    | {
        "shoulder_lowering": (-75, 80),
        "shoulder_flexion": (-20, 95),
        "elbow_flexion": (0, 120),
        "shoulder_rotation": (-60, 45),
        "hip_flexion": (-10, 35),
        "knee_flexion": (0, 35),
        "spine_flexion": (-12, 40),
        "spine_bend": (-22, 22),
        "spine_rotation": (-35, 35),
        "collar_lift": (-4, 16),
    },
    "sitting": STANDING
    | {
        "hip_flexion": (68, 98),
        "hip_abduction": (2, 26),
        "knee_flexion": (55, 105),
        "shoulder_flexion": (0, 50),
        "elbow_flexion": (15, 105),
        "spine_flexion": (-6, 30),
    },
    "crouching": STANDING
    | {
        "hip_flexion": (25, 115),
        "hip_abduction": (0, 28),
        "knee_flexion": (30, 125),
        "ankle_flexion": (0, 28),
        "shoulder_lowering": (20, 84),
        "shoulder_flexion": (0, 80),
        "elbow_flexion": (5, 115),
        "spine_flexion": (5, 45),
    },
}
SIDES = {"left": 1.0, "right": -1.0}


def sample_pose(rng: Generator, family: str) -> Float[np.ndarray, "24 3"]:
    """A random pose of one of the FAMILIES as axis-angle vectors (radians); global_orient is zero."""
    ranges = FAMILIES[family]
    sides = {side: {name: rng.uniform(*ranges[name]) for name in LIMBS} for side in SIDES}
    return pose_from_angles(sides, {name: rng.uniform(*ranges[name]) for name in TRUNK})


def walking_pose(phase: float, stride: float = 1.0, lean: float = 0.0) -> Float[np.ndarray, "24 3"]:
    """One moment of a walk as axis-angle vectors; `phase` in radians, 2 pi a double step; `lean` in degrees.

    Hips and shoulders swing as opposed sines; a knee bends while its leg swings forward.
    """
    sides = {side: _walking_side(phase + offset, stride) for side, offset in (("left", 0.0), ("right", np.pi))}
    twist = 6 * stride * np.sin(phase)
    trunk = dict.fromkeys(TRUNK, 0.0) | {"spine_flexion": 3 + lean, "spine_rotation": twist, "neck_flexion": -lean}
    return pose_from_angles(sides, trunk)


def _walking_side(phase: float, stride: float) -> dict[str, float]:
    swing = stride * np.sin(phase)
    return dict.fromkeys(LIMBS, 0.0) | {
        "hip_flexion": 6 + 26 * swing,
        "hip_abduction": 3.0,
        "knee_flexion": 8 + 50 * stride * max(0.0, np.cos(phase)) ** 2,
        "ankle_flexion": 5 + 10 * swing,
        "shoulder_lowering": 78.0,
        "shoulder_flexion": -24 * swing,
        "elbow_flexion": 22 - 14 * swing,
    }


def pose_from_angles(sides: Mapping[str, Mapping[str, float]], trunk: Mapping[str, float]) -> Float[np.ndarray, "24 3"]:
    """SMPL axis-angle pose (radians) from anatomical angles (degrees): one mapping a side, one for the trunk."""
    rotations = _trunk(trunk)
    for side, angles in sides.items():
        rotations |= {f"{side}_{joint}": turn for joint, turn in _limbs(angles, SIDES[side]).items()}
    pose = np.zeros((24, 3), np.float32)
    for name, turn in rotations.items():
        pose[joint_set("smpl_24").index(name)[0]] = turn.as_rotvec()
    return pose


def _trunk(angles: Mapping[str, float]) -> dict[str, Rotation]:
    """The back's bend is shared by three joints, the neck's by two."""
    back = _euler("YXZ", angles["spine_rotation"], angles["spine_flexion"], angles["spine_bend"], share=3)
    neck = _euler("YXZ", angles["neck_rotation"], angles["neck_flexion"], angles["neck_bend"], share=2)
    return {"spine1": back, "spine2": back, "spine3": back, "neck": neck, "head": neck}


def _limbs(angles: Mapping[str, float], side: float) -> dict[str, Rotation]:
    """Rotations in SMPL's rest frame: x to the person's left, y up, z forward; `side` is 1 on the left, else -1."""
    return {
        "hip": _euler("XZY", -angles["hip_flexion"], side * angles["hip_abduction"], side * angles["hip_rotation"]),
        "knee": _euler("X", angles["knee_flexion"]),
        "ankle": _euler("X", -angles["ankle_flexion"]),
        "collar": _euler("Z", side * angles["collar_lift"]),
        "shoulder": _euler(
            "XZX", -angles["shoulder_flexion"], -side * angles["shoulder_lowering"], -angles["shoulder_rotation"]
        ),
        "elbow": _euler("Y", -side * angles["elbow_flexion"]),
        "wrist": _euler("Z", -side * angles["wrist_flexion"]),
    }


def _euler(axes: str, *degrees: float, share: int = 1) -> Rotation:
    """Rotation from intrinsic Euler angles, each divided among `share` joints."""
    return Rotation.from_euler(axes, np.array(degrees).squeeze() / share, degrees=True)
