"""SMPL-X's file in the official layout, random numbers in place of the licensed ones."""

from pathlib import Path

import numpy as np

from hpe.joints import joint_set

VERTICES, JOINTS, FACES = 10475, 55, 20908


def write_smplx(folder: Path, seed: int = 0, vertices: int = VERTICES, directions: int = 400) -> Path:
    """A neutral model, of fewer vertices or directions of shape and expression if wanted; another for each seed."""
    random = np.random.default_rng(seed)
    nearest = random.integers(0, vertices, (JOINTS, 5))
    regressor = np.zeros((JOINTS, vertices))
    np.add.at(regressor, (np.arange(JOINTS)[:, None], nearest), 0.2)
    parents = np.array(joint_set("smplx_55").parents).astype(np.uint32)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(
        folder / "SMPLX_NEUTRAL.npz",
        v_template=random.normal(0, 0.4, (vertices, 3)),
        shapedirs=(random.standard_normal((vertices, 3, directions), np.float32) / 50).astype(np.float16),
        posedirs=np.zeros((vertices, 3, 9 * (JOINTS - 1)), np.float16),
        J_regressor=regressor,
        weights=np.eye(JOINTS, dtype=np.float32)[random.integers(0, JOINTS, vertices)],
        kintree_table=np.stack([parents, np.arange(JOINTS, dtype=np.uint32)]),
        f=random.integers(0, vertices, (FACES, 3)).astype(np.uint32),
        hands_meanl=random.normal(0, 0.3, 45),
        hands_meanr=random.normal(0, 0.3, 45),
        hands_componentsl=np.eye(45),
        hands_componentsr=np.eye(45),
        lmk_faces_idx=random.integers(0, FACES, 51),
        lmk_bary_coords=np.full((51, 3), 1 / 3),
        joint2num=np.array(dict(zip(joint_set("smplx_55").names, range(JOINTS), strict=True)), dtype=object),
    )
    return folder / "SMPLX_NEUTRAL.npz"
