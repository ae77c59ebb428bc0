"""Makes the free body: adults of the `anny` package turned into a model file with SMPL's own keys."""

from collections.abc import Callable

import numpy as np
import torch

from hpe.bodies.anny_landmarks import landmark_vertices
from hpe.bodies.anny_rig import faces, open_rig, realistic_adults, rest_bodies, skin_weights
from hpe.bodies.shape_space import joint_regressor, principal_shapes
from hpe.bodies.t_pose import t_pose
from hpe.joints import joint_set

SHAPES = 500
SEED = 0


def build_anny(topology: str, report: Callable[[str], None]) -> dict[str, np.ndarray]:
    """Arrays of a SMPL model file on anny's mesh `topology`; always the same for the same version of anny.

    Keys: SMPL's v_template, shapedirs (10 betas), posedirs (zero), J_regressor, weights, kintree_table, f; then
    `vertex_ids` in the order of smpl_45 past joint 24, and `explained_variance` (0 to 1) of the betas. Metres.
    The people are `realistic_adults`. `report` is told what happens next.
    """
    report("reading anny's shapes (once a machine, anny keeps them)")
    rig = open_rig(topology)
    weights, phenotypes = skin_weights(rig), realistic_adults(rig, SHAPES, SEED)
    bodies = rest_bodies(rig, phenotypes)
    report("standing people in T-pose and finding their principal shapes")
    vertices, joints = t_pose(bodies, weights)
    mean, components, explained = principal_shapes(vertices.numpy())
    report("fitting the joint regressor")
    # Both poses are fitted, so that the regressor does not depend on how the rest pose hangs its arms.
    meshes = torch.cat([vertices, bodies.vertices]).numpy()
    skeletons = torch.cat([joints, bodies.joints]).numpy()
    regressor = np.stack([joint_regressor(meshes, skeletons[:, joint]) for joint in range(24)])
    report("finding nose, ears, heels and finger tips")
    landmarks = landmark_vertices(phenotypes, bodies)
    return {
        "v_template": mean.astype(np.float32),
        "shapedirs": components.astype(np.float32),
        "posedirs": np.zeros((*mean.shape, 207), np.float32),
        "J_regressor": regressor.astype(np.float32),
        "weights": weights.numpy().astype(np.float32),
        "kintree_table": np.stack([np.array(joint_set("smpl_24").parents), np.arange(24)]),
        "f": faces(rig).numpy(),
        "vertex_ids": np.array(list(landmarks.values())),
        "explained_variance": np.array(explained),
    }
