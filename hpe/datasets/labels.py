"""The labels of people of a store, as views show them and in the order of the training joint set."""

import logging
from collections.abc import Iterable
from typing import Any

import numpy as np
import roma
import torch
from jaxtyping import Bool, Float, Int

from hpe.datasets.geometric import View
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.geometry.cameras import default_focal_length
from hpe.geometry.crops import crop_camera, pixel_index, transform_points, turn_points
from hpe.joints import ABSENT, joint_map, joint_set

_log = logging.getLogger(__name__)

GROUPS = ("joints2d", "joints3d", "visible", "pose", "gender", "focal_length")

Fields = dict[str, torch.Tensor]
Masks = Bool[np.ndarray, "people side side"]


def label_groups(stores: Iterable[Store]) -> frozenset[str]:
    """Columns whose labels at least one of the stores has: a batch of a mixture has the labels of all of them."""
    return frozenset(group for store in stores for group in GROUPS if group in store)


class Labels:
    """Reads labels out of a store, those of a batch at once.

    `groups` are the columns to supply. What this store lacks of them is filled: joints with confidence 0, no
    SMPL (`has_smpl` False), neutral bodies, labelled joints visible, and the camera guessed by
    `cameras.default_focal_length` with the principal point in the picture's middle. Bodies whose joints have no map to
    `joints` are labels without them, which is said.
    Raises UserError where joints without bodies have no map to `joints`, or `joints` cannot be mirrored.
    """

    def __init__(self, store: Store, joints: str, groups: frozenset[str]) -> None:
        self.store, self.groups = store, groups
        order = _order(store, joints)
        if len(joint_set(joints).flip) != len(order):
            raise UserError(
                f"joint set {joints} has no left-right table, so its joints cannot be mirrored; choose another"
            )
        self._orders = np.stack([order, order[list(joint_set(joints).flip)]])

    def __call__(self, rows: Int[np.ndarray, "people"], views: View, covered: Masks | None = None) -> Fields:
        """Fields of `Batch`; `covered` are the pixels of crops that an occluder hides, none where it is None."""
        orders = self._orders[views.flip.astype(int)]
        fields: Fields = {}
        if "joints2d" in self.groups:
            fields |= self._joints2d(rows, views, orders)
        if "visible" in self.groups:
            fields["visible"] = self._visible(rows, orders, fields, covered)
        if "joints3d" in self.groups:
            points = turn_points(self._select("joints3d", rows, orders, 3), views.degrees, views.flip)
            confidence = self._select("confidence3d", rows, orders)
            fields |= {"joints3d": _tensor(points), "confidence3d": _tensor(confidence)}
        if "pose" in self.groups:
            fields |= self._body(rows, views)
        if "gender" in self.groups:
            codes = self.store["gender"][rows] if "gender" in self.store else np.zeros(len(rows))
            fields["gender"] = torch.from_numpy(codes.astype(np.int64))
        if "focal_length" in self.groups:
            fields |= self._camera(rows, views)
        return fields

    def _select(self, column: str, rows: np.ndarray, orders: np.ndarray, *shape: int) -> np.ndarray:
        """Rows of a joint column in the training order, 0 where the store or its joint set has nothing."""
        if column not in self.store:
            return np.zeros((*orders.shape, *shape), dtype=np.float32)
        values = self.store[column][rows[:, None], orders]
        values[orders == ABSENT] = 0
        return values

    def _joints2d(self, rows: np.ndarray, views: View, orders: np.ndarray) -> Fields:
        confidence = self._select("confidence2d", rows, orders)
        points = transform_points(views.affine, self._select("joints2d", rows, orders, 2)) * (confidence > 0)[..., None]
        return {"joints2d": _tensor(points), "confidence2d": _tensor(confidence)}

    def _visible(self, rows: np.ndarray, orders: np.ndarray, fields: Fields, covered: Masks | None) -> torch.Tensor:
        """A joint is seen if its label says so, it lies inside the crop and no occluder is pasted over it."""
        labelled = "visible" in self.store
        seen = self._select("visible", rows, orders) if labelled else fields["confidence2d"].numpy() > 0
        return torch.from_numpy(seen.astype(bool) & uncovered(fields["joints2d"].numpy(), covered))

    def _body(self, rows: np.ndarray, views: View) -> Fields:
        known = self.store["has_smpl"][rows] if "pose" in self.store else np.zeros(len(rows), dtype=bool)
        rotmats, betas = torch.eye(3).repeat(len(rows), 24, 1, 1), torch.zeros(len(rows), 10)
        if known.any():
            rotvecs = torch.from_numpy(self.store["pose"][rows[known]]).unflatten(1, (24, 3))
            rotmats[known] = views[known].turn_pose(roma.rotvec_to_rotmat(rotvecs))
            betas[known] = torch.from_numpy(self.store["betas"][rows[known]])
        return {"rotmats": rotmats, "betas": betas, "has_smpl": torch.from_numpy(known)}

    def _camera(self, rows: np.ndarray, views: View) -> Fields:
        if "focal_length" in self.store:
            focal, principal = self.store["focal_length"][rows], self.store["principal_point"][rows]
        else:
            size = self.store["image_size"][rows]
            focal, principal = default_focal_length(torch.from_numpy(size)).numpy(), size / 2
        focal, principal = crop_camera(views.affine, focal, principal)
        return {"focal_length": _tensor(focal), "principal_point": _tensor(principal)}


def _order(store: Store, joints: str) -> Int[np.ndarray, " joints"]:
    """For each joint of `joints` its row in the store's joint columns, ABSENT where there is none."""
    try:
        return np.array(joint_map(store.joint_set, joints))
    except UserError as error:
        if "pose" not in store:
            raise
        _log.warning("%s %s is read without its joints, for its bodies alone: %s", store.name, store.split, error)
        return np.full(len(joint_set(joints)), ABSENT)


def uncovered(points: Float[np.ndarray, "people joints 2"], covered: Masks | None) -> Bool[np.ndarray, "people joints"]:
    """Whether each point, in crop units, lies inside the crop on a pixel that no occluder covers."""
    if covered is None:
        return np.asarray(((points >= -1) & (points < 1)).all(-1))
    side = covered.shape[-1]
    row, column = pixel_index(points, side)
    inside = (row >= 0) & (row < side) & (column >= 0) & (column < side)
    people = np.arange(len(points))[:, None]
    return np.asarray(inside & ~covered[people, np.where(inside, row, 0), np.where(inside, column, 0)])


def _tensor(values: Any) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
