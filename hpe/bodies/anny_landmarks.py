"""Vertices of the free body that stand for SMPL's picked joints: nose, eyes, ears, toes, heels and finger tips."""

from jaxtyping import Float
from torch import Tensor

from hpe.bodies.anny_rig import FINGERS, RestBodies, open_rig, rest_bodies
from hpe.joints import joint_set

ANNOTATED = {"bigtoe": "big_toe", "smalltoe": "small_toe"}


def landmark_vertices(phenotypes: dict[str, Float[Tensor, " shapes"]], bodies: RestBodies) -> dict[str, int]:
    """Nearest vertex to each of the 21 points of smpl_45 past its skeleton, by joint name.

    Face and feet come from the COCO keypoints that anny annotates on its own full mesh, finger tips from the ends
    of the rig's finger bones; both averaged over `bodies`, which are the people of `phenotypes`.
    """
    points = _annotated_points(phenotypes) | _finger_tips(bodies)
    mesh = bodies.vertices.mean(0)
    return {joint: int((mesh - points[joint]).norm(dim=-1).argmin()) for joint in joint_set("smpl_45").names[24:]}


def _annotated_points(phenotypes: dict[str, Float[Tensor, " shapes"]]) -> dict[str, Float[Tensor, "3"]]:
    from anny.keypoints import KeypointsRegressor

    full_mesh = open_rig("anny")
    regressor = KeypointsRegressor.coco(full_mesh)
    points = regressor({"vertices": rest_bodies(full_mesh, phenotypes).vertices}).mean(0)
    named = dict(zip(regressor.labels, points, strict=True))
    feet = {
        f"{side}_{ours}": named[f"{side}_{theirs}"] for side in ("left", "right") for ours, theirs in ANNOTATED.items()
    }
    return named | feet


def _finger_tips(bodies: RestBodies) -> dict[str, Float[Tensor, "3"]]:
    names = [f"{side}_{finger}_tip" for side in ("left", "right") for finger in FINGERS]
    return dict(zip(names, bodies.finger_tips.mean(0), strict=True))
