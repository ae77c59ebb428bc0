"""What is read out of the `anny` package: adult shapes as meshes with SMPL's 24 joints.

anny (Apache-2.0) drives a MakeHuman mesh by phenotypes. Its `game_engine` rig has SMPL's joints under other names.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from hpe.bodies.anny_targets import whole_files

JOINT_BONES = [
    "pelvis",
    "thigh_l",
    "thigh_r",
    "spine_01",
    "calf_l",
    "calf_r",
    "spine_02",
    "foot_l",
    "foot_r",
    "spine_03",
    "ball_l",
    "ball_r",
    "neck_01",
    "clavicle_l",
    "clavicle_r",
    "head",
    "upperarm_l",
    "upperarm_r",
    "lowerarm_l",
    "lowerarm_r",
    "hand_l",
    "hand_r",
    "middle_01_l",
    "middle_01_r",
]
KNUCKLE_BONES = ["index_01_l", "pinky_01_l", "index_01_r", "pinky_01_r"]
FINGERS = ["thumb", "index", "middle", "ring", "pinky"]
ADULT_YEARS = (18.0, 80.0)


@dataclass(frozen=True)
class RestBodies:
    """Unposed bodies as anny builds them (arms hanging at 45 degrees); metres, y up, facing +z, left is +x.

    `knuckles` are the bases of index and little finger, left then right; `finger_tips` the ends of the last
    finger bones, thumb to little finger, left then right.
    """

    vertices: Float[Tensor, "shapes vertices 3"]
    joints: Float[Tensor, "shapes 24 3"]
    knuckles: Float[Tensor, "shapes 4 3"]
    finger_tips: Float[Tensor, "shapes 10 3"]


@contextlib.contextmanager
def _native_stderr_silenced() -> Iterator[None]:
    """Drops what compiled code writes to the error stream, such as warp's warning that there is no GPU driver."""
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def open_rig(topology: str) -> Any:
    """anny's model of the human body on the mesh called `topology`, in double precision on the CPU.

    The first call on a machine takes some ten seconds: anny parses its blend shapes, then keeps them in its own cache.
    """
    import warp

    # anny fits its meshes with warp, which would report at length on devices that are not used here.
    warp.config.log_level = warp.LOG_ERROR
    with _native_stderr_silenced():
        warp.init()
    import anny

    with whole_files():
        return anny.Anny(rig="game_engine", topology=topology, skinning_method="lbs")


def realistic_adults(rig: Any, count: int, seed: int) -> dict[str, Float[Tensor, " shapes"]]:
    """Phenotypes of people of 18 to 80 years with the heights, weights and proportions of the population.

    anny's own `SimpleShapeDistribution`, calibrated on WHO statistics: gender uniform, height, weight, muscle and
    proportions beta-distributed by age. Statures come out at 1.69 m on average, 0.10 m standard deviation.
    """
    from anny.shape_distribution import SimpleShapeDistribution

    youngest, oldest = torch.tensor(ADULT_YEARS, dtype=rig.dtype)
    years = torch.distributions.Uniform(youngest, oldest)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SimpleShapeDistribution(rig, morphological_age_distribution=years).sample(count)[1]


def rest_bodies(rig: Any, phenotypes: dict[str, Float[Tensor, " shapes"]]) -> RestBodies:
    """Meshes and bones of the people that `phenotypes` describe."""
    output = rig.get_rest_model(rig.get_phenotype_blendshape_coefficients(**phenotypes))
    heads, tails = (_y_up(output[f"rest_bone_{end}"]) for end in ("heads", "tails"))
    tips = [f"{finger}_03_{side}" for side in "lr" for finger in FINGERS]

    def pick(points: Tensor, bones: list[str]) -> Tensor:
        return points[:, [rig.bone_labels.index(bone) for bone in bones]]

    return RestBodies(
        _y_up(output["rest_vertices"]), pick(heads, JOINT_BONES), pick(heads, KNUCKLE_BONES), pick(tails, tips)
    )


def skin_weights(rig: Any) -> Float[Tensor, "vertices 24"]:
    """Skinning weights summed over the bones that move with each joint; every row sums to 1."""
    target = torch.tensor([JOINT_BONES.index(_carrier(bone)) for bone in rig.bone_labels])
    weights = rig.vertex_bone_weights
    folded = weights.new_zeros(len(weights), len(JOINT_BONES))
    folded.scatter_add_(1, target[rig.vertex_bone_indices], weights)
    return folded / folded.sum(1, keepdim=True)


def faces(rig: Any) -> Int[Tensor, "faces 3"]:
    """Triangles, counter-clockwise from outside."""
    return rig.faces


def _carrier(bone: str) -> str:
    """The joint's bone that a bone folds into: thumbs go with the wrist, fingers with the hand as in SMPL."""
    if bone in JOINT_BONES:
        return bone
    if bone == "Root":
        return "pelvis"
    return f"hand_{bone[-1]}" if bone.startswith("thumb") else f"middle_01_{bone[-1]}"


def _y_up(points: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 3"]:
    """From anny's frame (z up, facing -y) to SMPL's (y up, facing +z)."""
    x, y, z = points.unbind(-1)
    return torch.stack([x, z, -y], dim=-1)
