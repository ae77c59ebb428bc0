"""What a data store says about where people's joints are seen, in crops of 224 pixels."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from hpe.bodies.body import Body
from hpe.bodies.mesh_joints import REGRESSORS
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.fitting.problem import Seen
from hpe.geometry.cameras import default_focal_length
from hpe.joints import ABSENT, joint_map

RESOLUTION = 224

Array = np.ndarray
Rows = Int[np.ndarray, "people"]

# Sets that bodies have, the first of equals.
CHOICES = ("smpl_24", "smpl_45", "openpose_25", "openpose_18", "h36m_17", "spin_49")
NEEDS = {"h36m_17": REGRESSORS["h36m_17"], "spin_49": REGRESSORS["smpl_54"]}


def shared_joints(store: Store, body: Body) -> str:
    """The joint set of `body` that has the most joints of the store's. Raises UserError where there is none."""
    if "joints2d" not in store:
        raise UserError(f"{store.path} has no 2D joints, to which bodies could be fitted; give another data=")
    counts = {name: np.sum(_order(store, name) != ABSENT) for name in CHOICES if _has(body, name)}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] == 0:
        raise UserError(f"{store.path}: joints {store.joint_set} have no map to those of body {body.name} ({CHOICES})")
    return best


def _has(body: Body, name: str) -> bool:
    return name not in NEEDS or NEEDS[name] in body.mesh_joints.available


def _order(store: Store, name: str) -> Int[np.ndarray, " joints"]:
    """For each joint of the set `name` its row in the store's joint columns, ABSENT where there is none."""
    try:
        return np.array(joint_map(store.joint_set, name))
    except UserError:
        return np.full(1, ABSENT)


@dataclass(frozen=True)
class Sight:
    """The people in `rows` of a store, their crops (centre x, y and side in the picture), and what is seen in them.

    `calibrated` says that the camera is the picture's own, so that translations are true.
    """

    store: Store
    rows: Rows
    crops: Float[np.ndarray, "people 3"]
    seen: Seen
    calibrated: bool


@dataclass(frozen=True)
class Observer:
    """Reads 2D joints of a store as those of a crop of 224 pixels.

    The camera is the picture's, else one whose focal length is the picture's diagonal; with `crop_focal_length`, in
    pixels of the crop, it looks at the crop's middle instead, as that of a network does. With `visible_only` hidden
    joints are not used.
    """

    crop_focal_length: float | None = None
    visible_only: bool = False

    def __call__(self, store: Store, rows: Rows, crops: Float[np.ndarray, "people 3"], joint_set: str) -> Sight:
        """What is seen of people, in joints of the set called `joint_set`."""
        order, scale, middle = _order(store, joint_set), RESOLUTION / crops[:, 2:], crops[:, :2]
        points = (store["joints2d"][rows][:, order] - middle[:, None]) * scale[:, None] + RESOLUTION / 2
        confidence = store["confidence2d"][rows][:, order] * (order != ABSENT)
        if self.visible_only and "visible" in store:
            confidence = confidence * store["visible"][rows][:, order]
        focal, centre = self._camera(store, rows, scale, middle)
        calibrated = self.crop_focal_length is None and "focal_length" in store
        seen = Seen(_tensor(points), _tensor(confidence), _tensor(focal), _tensor(centre), joint_set)
        return Sight(store, rows, crops, seen, calibrated)

    def _camera(self, store: Store, rows: Rows, scale: Array, middle: Array) -> tuple[Array, Array]:
        """Focal length and principal point of each crop."""
        if self.crop_focal_length is not None:
            return np.full(len(rows), self.crop_focal_length), np.full((len(rows), 2), RESOLUTION / 2)
        if "focal_length" in store:
            focal, principal = store["focal_length"][rows], store["principal_point"][rows]
        else:
            size = store["image_size"][rows]
            focal, principal = default_focal_length(torch.from_numpy(size)).numpy(), size / 2
        return focal * scale[:, 0], (principal - middle) * scale + RESOLUTION / 2


def _tensor(array: Array) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))
