"""Selections of 3DPW's people that the field evaluates on, those for occlusion among them.

The occlusion sets draw on all three splits: a model that was trained on 3DPW's train split has seen part of them.
"""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float

# 3DPW-OCC of PARE and 3DPW-OC of ROMP: videos of people behind objects, by place and deed.
OBJECTS = {
    "courtyard": ("backpack", "basketball", "bodyScannerMotions", "box", "golf", "jacket", "laceShoe"),
    "downtown": ("stairs",),
    "flat": ("guitar", "packBags"),
    "outdoors": ("climbing", "crosscountry", "fencing", "freestyle", "golf", "parcours", "slalom"),
}
# 3DPW-PC of ROMP: people behind people, first frame and the one after the last.
PEOPLE = {
    "courtyard_basketball_00": (200, 280),
    "courtyard_captureSelfies_00": (500, 600),
    "courtyard_dancing_00": (60, 370),
    "courtyard_dancing_01": (60, 270),
    "courtyard_hug_00": (100, 500),
    "downtown_bus_00": (1620, 1900),
}
# 3DPW-Crowd of 3DCrowdNet.
CROWD = frozenset({"courtyard_hug_00", "courtyard_dancing_00"})
# Shoulders, elbows, wrists, hips, knees and ankles among the 18 joints of `poses2d`.
LIMBS = slice(2, 14)


def subsets(
    sequence: str, trusted: Bool[np.ndarray, " frames"], detected: Float[np.ndarray, "frames 3 18"]
) -> Mapping[str, Bool[np.ndarray, " frames"]]:
    """Which frames of one actor belong to which selection; `detected` has rows x, y and confidence.

    campose_valid: SPIN and most others. campose_poses2d: the challenge, where something was detected besides. occ and
    crowd: of trusted people. pc: as annotated. oc and nc: of people with more than 6 of 12 limb joints detected, as
    VIBE's database has them.
    """
    place, _, deed = sequence.rpartition("_")[0].partition("_")
    objects = deed in OBJECTS.get(place, ())
    first, end = PEOPLE.get(sequence, (0, 0))
    frames = np.arange(len(trusted))
    well_seen = (detected[:, 2, LIMBS] > 0.3).sum(1) > 6
    return {
        "campose_valid": trusted,
        "campose_poses2d": trusted & detected.any((1, 2)),
        "occ": trusted & objects,
        "oc": well_seen & objects,
        "pc": (first <= frames) & (frames < end),
        "nc": well_seen & (not objects and sequence not in PEOPLE),
        "crowd": trusted & (sequence in CROWD),
    }
