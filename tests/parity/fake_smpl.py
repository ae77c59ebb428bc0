"""A body of SMPL's size out of the rules of golden PARE: random numbers in place of the licensed file."""

from typing import Any

import numpy as np
import torch
from golden import Golden

from hpe.bodies.body import Body
from hpe.bodies.smpl_files import SHAPES
from hpe.joints import joint_set, vertex_ids

VERTICES, FACES = SHAPES["v_template"][0], SHAPES["f"][0]
REGRESSORS = {"J_regressor_extra": 9, "J_regressor_h36m": 17}


def fake_smpl(golden: Golden) -> Body:
    """SMPL's 6,890 vertices, 24 joints and two further regressors, filled as the vectors' README says."""

    def normal(name: str, *shape: int) -> np.ndarray:
        return golden.inputs(f"smpl.{name}", *shape).numpy()

    def shares(name: str, *shape: int) -> np.ndarray:
        return torch.from_numpy(3 * normal(name, *shape)).double().softmax(-1).float().numpy()

    parents = np.array(joint_set("smpl_24").parents)
    model: dict[str, Any] = {
        "v_template": 0.3 * normal("v_template", VERTICES, 3),
        "shapedirs": 0.03 * normal("shapedirs", VERTICES, 3, 10),
        "posedirs": 0.01 * normal("posedirs", VERTICES, 3, 207),
        "J_regressor": shares("J_regressor", 24, VERTICES),
        "weights": shares("weights", VERTICES, 24),
        "kintree_table": np.stack([parents, np.arange(24)]),
        "f": (np.arange(3 * FACES) % VERTICES).reshape(FACES, 3),
    }
    regressors = {name: shares(name, joints, VERTICES) for name, joints in REGRESSORS.items()}
    return Body("smpl", model, vertex_ids("smpl"), regressors)
