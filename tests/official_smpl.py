"""SMPL's file and joint regressor in the official layout, random numbers in place of the licensed ones."""

from pathlib import Path

import numpy as np

from hpe.bodies.smpl_files import SHAPES
from hpe.joints import joint_set

VERTICES = SHAPES["v_template"][0]


def write_smpl(folder: Path, gender: str = "NEUTRAL") -> Path:
    """The model of a gender, another for each, and the regressor of Human3.6M's joints beside it."""
    random = np.random.default_rng(sum(map(ord, gender)))
    nearest = random.integers(0, VERTICES, (17 + 24, 5))
    regressor = np.zeros((17 + 24, VERTICES), np.float32)
    regressor[np.arange(len(nearest))[:, None], nearest] = 0.2
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(
        folder / f"SMPL_{gender}.npz",
        v_template=random.normal(0, 0.4, SHAPES["v_template"]).astype(np.float32),
        shapedirs=random.normal(0, 0.02, SHAPES["shapedirs"]).astype(np.float32),
        posedirs=np.zeros(SHAPES["posedirs"], np.float32),
        J_regressor=regressor[17:],
        weights=np.eye(24, dtype=np.float32)[random.integers(0, 24, VERTICES)],
        kintree_table=np.stack([np.array(joint_set("smpl_24").parents), np.arange(24)]),
        f=random.integers(0, VERTICES, SHAPES["f"]),
    )
    np.save(folder / "J_regressor_h36m.npy", regressor[:17])
    return folder
