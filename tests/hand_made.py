"""A small body of each gender, a data store and predictions, made by hand for the tests of scoring."""

from pathlib import Path
from typing import Any

import numpy as np

from hpe.bodies.body import Body
from hpe.config import config_folder
from hpe.datasets.store import Store, write_store
from hpe.files.hashes import file_hash
from hpe.joints import joint_set
from hpe.metrics.card import ProtocolCard
from hpe.scoring.predictions import Predictions

VERTICES, PEOPLE = 90, 12
SEQUENCES = ("bar", "cafe", "walk")


def preset(name: str) -> ProtocolCard:
    """A card of the tree."""
    return ProtocolCard.read(config_folder() / f"protocol/{name}.yaml")


def small_body(seed: int, name: str = "smpl", vertices: int = VERTICES) -> Body:
    """A body with SMPL's skeleton, blend shapes of pose and shape, and the regressors of Human3.6M and 4D-Humans."""
    random, shared = np.random.default_rng(seed), np.random.default_rng(99)
    weights = (
        random.random((vertices, 24)) * (random.random((vertices, 24)) < 0.2) + np.eye(24)[np.arange(vertices) % 24]
    )

    def regressor(joints: int) -> np.ndarray:
        matrix = shared.random((joints, vertices)) * (shared.random((joints, vertices)) < 0.1) + 1e-3
        return matrix / matrix.sum(1, keepdims=True)

    model = {
        "v_template": random.normal(0, 0.4, (vertices, 3)),
        "shapedirs": random.normal(0, 0.02, (vertices, 3, 10)),
        "posedirs": random.normal(0, 0.005, (vertices, 3, 207)),
        "J_regressor": regressor(24),
        "weights": weights / weights.sum(1, keepdims=True),
        "kintree_table": np.stack([np.array(joint_set("smpl_24").parents), np.arange(24)]),
        "f": random.integers(0, vertices, (40, 3)),
    }
    model = {key: values.astype(np.float32) if values.dtype.kind == "f" else values for key, values in model.items()}
    ids = {joint: number for number, joint in enumerate(joint_set("smpl_45").names[24:])}
    regressors = {"J_regressor_h36m": regressor(17), "SMPL_to_J19": regressor(19)}
    return Body(name, model, ids, {key: matrix.astype(np.float32) for key, matrix in regressors.items()})


def store(folder: Path, name: str = "3dpw", split: str = "test", joints: str = "smpl_24", **changes: Any) -> Store:
    """`PEOPLE` people in three sequences of four frames; changes to columns, None for one that is left away."""
    random, size = np.random.default_rng(1), len(joint_set(joints))
    columns: dict[str, Any] = {
        "image": ["picture.jpg"] * PEOPLE,
        "sequence": np.repeat(SEQUENCES, 4),
        "frame": np.tile(np.arange(4), 3),
        "person": np.zeros(PEOPLE, int),
        "box": np.tile([0, 0, 9, 9], (PEOPLE, 1)),
        "image_size": np.full((PEOPLE, 2), 9),
        "joints2d": np.zeros((PEOPLE, size, 2)),
        "confidence2d": np.ones((PEOPLE, size)),
        "visible": random.random((PEOPLE, size)) < 0.7,
        "joints3d": random.normal((0, 0, 3), 0.3, (PEOPLE, size, 3)),
        "confidence3d": np.ones((PEOPLE, size)),
        "pose": random.normal(0, 0.4, (PEOPLE, 72)),
        "betas": random.normal(0, 1, (PEOPLE, 10)),
        "has_smpl": np.ones(PEOPLE, bool),
        "gender": np.arange(PEOPLE) % 3,
        "select_campose_valid": np.ones(PEOPLE, bool),
    }
    columns = {key: values for key, values in (columns | changes).items() if values is not None}
    path = folder / f"{split}.h5"
    write_store(path, columns, name=name, split=split, joints=joints)
    return Store.open(path)


def predictions(store: Store, rows: Any = slice(None), error: float = 0.1, **changes: Any) -> Predictions:
    """What somebody says of some rows of a store: its poses but for an error in radians, and mean betas."""
    sample = np.arange(len(store))[rows]
    random = np.random.default_rng(2)
    columns: dict[str, Any] = {
        "sample": sample,
        "pose": store["pose"][sample] + random.normal(0, error, (len(sample), 72)).astype(np.float32)
        if "pose" in store
        else None,
        "betas": np.zeros((len(sample), 10), np.float32),
    }
    columns |= {key: store[key][sample] for key in ("sequence", "frame", "person")}
    columns = {key: values for key, values in (columns | changes).items() if values is not None}
    hashed = file_hash(store.path)
    return Predictions(store.name, store.split, "smpl", store.joint_set, "somebody", columns, data_hash=hashed)
