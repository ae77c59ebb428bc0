"""A small data set without a fault: people who stand, each turned another way, in pictures of noise."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from hpe.datasets.doctor.examination import Findings, examine
from hpe.datasets.doctor.pictures import look_at_pictures
from hpe.datasets.doctor.splits import Split
from hpe.datasets.store import Store, write_store

WIDTH, HEIGHT, FOCAL, PEOPLE = 320, 240, 300.0, 12
# smpl_24 in metres, x to the body's left, y up, z forward; arms hang somewhat away from the trunk.
MIDDLE = {0: (0, 0), 3: (0.11, -0.02), 6: (0.24, -0.01), 9: (0.3, 0.0), 12: (0.5, -0.03), 15: (0.58, 0.02)}
SIDE = {
    1: (0.06, -0.09, 0),
    4: (0.10, -0.47, 0.03),
    7: (0.09, -0.88, -0.02),
    10: (0.11, -0.93, 0.11),
    13: (0.08, 0.41, -0.02),
    16: (0.18, 0.43, -0.03),
    18: (0.28, 0.19, -0.05),
    20: (0.33, -0.05, 0.0),
    22: (0.34, -0.13, 0.02),
}

Columns = dict[str, Any]
Spoil = Callable[[Columns], Columns]


def skeleton() -> np.ndarray:
    joints = np.zeros((24, 3))
    for joint, (y, z) in MIDDLE.items():
        joints[joint] = 0, y, z
    for joint, (x, y, z) in SIDE.items():
        joints[joint], joints[joint + 1] = (x, y, z), (-x, y, z)
    return joints


def people(split: str) -> Columns:
    """Columns of a store: three sequences of four frames, turned about by 30 degrees a person."""
    upright = Rotation.from_euler("x", 180, degrees=True)
    root = [upright * Rotation.from_euler("y", 30 * person + 7, degrees=True) for person in range(PEOPLE)]
    place = np.random.default_rng(0).uniform((-0.5, -0.2, 3), (0.5, 0.2, 4), (PEOPLE, 3))
    joints3d = np.stack([turn.apply(skeleton()) for turn in root]) + place[:, None]
    joints2d = FOCAL * joints3d[..., :2] / joints3d[..., 2:] + [WIDTH / 2, HEIGHT / 2]
    low, high = joints2d.min(1), joints2d.max(1)
    pose = np.zeros((PEOPLE, 72))
    pose[:, :3] = [turn.as_rotvec() for turn in root]
    return {
        "image": [f"{split}/{row:02}.jpg" for row in range(PEOPLE)],
        "sequence": np.repeat([f"{split}_bar", f"{split}_cafe", f"{split}_walk"], 4),
        "frame": np.tile(np.arange(4), 3),
        "person": np.zeros(PEOPLE, int),
        "box": np.concatenate([low, high - low], axis=1),
        "image_size": np.tile([WIDTH, HEIGHT], (PEOPLE, 1)),
        "joints2d": joints2d,
        "confidence2d": np.ones((PEOPLE, 24)),
        "joints3d": joints3d,
        "confidence3d": np.ones((PEOPLE, 24)),
        "pose": pose,
        "betas": np.zeros((PEOPLE, 10)),
        "has_smpl": np.ones(PEOPLE, bool),
        "focal_length": np.full(PEOPLE, FOCAL),
        "principal_point": np.tile([WIDTH / 2, HEIGHT / 2], (PEOPLE, 1)),
    }


def write(folder: Path, split: str, columns: Mapping[str, Any], joints: str = "smpl_24") -> Store:
    write_store(folder / f"{split}.h5", columns, name="small", split=split, joints=joints)
    return Store.open(folder / f"{split}.h5")


def examined(folder: Path) -> Findings:
    """What the doctor finds in the test split."""
    stores = {split: Store.open(folder / f"{split}.h5", finite=False) for split in ("train", "test")}
    return examine("test", {split: Split(store, look_at_pictures(store, 1)) for split, store in stores.items()}, folder)
