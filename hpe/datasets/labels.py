"""The labels of one row of a store, as a view shows them and in the order of the training joint set."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import roma
import torch
from jaxtyping import Bool, Float

from hpe.datasets.geometric import View
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.geometry.cameras import default_focal_length
from hpe.geometry.crops import crop_camera, pixel_index, transform_points, turn_points
from hpe.joints import ABSENT, joint_map, joint_set

GROUPS = ("joints2d", "joints3d", "visible", "pose", "focal_length")


def label_groups(stores: Iterable[Store]) -> frozenset[str]:
    """Columns whose labels at least one of the stores has: a batch of a mixture has the labels of all of them."""
    return frozenset(group for store in stores for group in GROUPS if group in store)


class Labels:
    """Reads labels out of a store.

    `groups` are the columns to supply. What this store lacks of them is filled: joints with confidence 0, no
    SMPL (`has_smpl` False), labelled joints visible, and the camera guessed by `cameras.default_focal_length`
    with the principal point in the picture's middle.
    Raises UserError where the store's joint set has no map to `joints`, or `joints` cannot be mirrored.
    """

    def __init__(self, store: Store, joints: str, groups: frozenset[str]) -> None:
        self.store, self.joints, self.groups = store, joints, groups
        order = np.array(joint_map(store.joint_set, joints))
        if len(joint_set(joints).flip) != len(order):
            raise UserError(
                f"joint set {joints} has no left-right table, so its joints cannot be mirrored; choose another"
            )
        self._orders = {False: order, True: order[list(joint_set(joints).flip)]}

    def __call__(self, row: int, view: View, covered: Bool[np.ndarray, "side side"]) -> dict[str, Any]:
        """Fields of `Batch` for one sample; `covered` are the crop's pixels that an occluder hides."""
        fields: dict[str, Any] = {"joint_set": self.joints}
        if "joints2d" in self.groups:
            fields |= self._joints2d(row, view)
        if "visible" in self.groups:
            fields["visible"] = self._visible(row, view, fields, covered)
        if "joints3d" in self.groups:
            fields |= self._joints3d(row, view)
        if "pose" in self.groups:
            fields |= self._body(row, view)
        if "focal_length" in self.groups:
            fields |= self._camera(row, view)
        return fields

    def _select(self, column: str, row: int, flip: bool, *shape: int) -> np.ndarray:
        """One row of a joint column in the training order, 0 where the store or its joint set has nothing."""
        order = self._orders[flip]
        if column not in self.store:
            return np.zeros((len(order), *shape), dtype=np.float32)
        values = self.store[column][row][order]
        values[order == ABSENT] = 0
        return values

    def _joints2d(self, row: int, view: View) -> dict[str, torch.Tensor]:
        confidence = self._select("confidence2d", row, view.flip)
        points = transform_points(view.affine, self._select("joints2d", row, view.flip, 2)) * (confidence > 0)[:, None]
        return {"joints2d": _tensor(points), "confidence2d": _tensor(confidence)}

    def _joints3d(self, row: int, view: View) -> dict[str, torch.Tensor]:
        points = turn_points(self._select("joints3d", row, view.flip, 3), view.degrees, view.flip)
        return {"joints3d": _tensor(points), "confidence3d": _tensor(self._select("confidence3d", row, view.flip))}

    def _visible(
        self, row: int, view: View, fields: dict[str, Any], covered: Bool[np.ndarray, "side side"]
    ) -> torch.Tensor:
        """A joint is seen if its label says so, it lies inside the crop and no occluder is pasted over it."""
        seen = (
            self._select("visible", row, view.flip) if "visible" in self.store else fields["confidence2d"].numpy() > 0
        )
        return torch.from_numpy(seen.astype(bool) & uncovered(fields["joints2d"].numpy(), covered))

    def _body(self, row: int, view: View) -> dict[str, torch.Tensor]:
        if "pose" not in self.store or not self.store["has_smpl"][row]:
            rotmats, betas, known = torch.eye(3).repeat(24, 1, 1), torch.zeros(10), False
        else:
            rotvecs = torch.from_numpy(self.store["pose"][row]).view(24, 3)
            rotmats, known = view.turn_pose(roma.rotvec_to_rotmat(rotvecs)), True
            betas = torch.from_numpy(self.store["betas"][row])
        return {"rotmats": rotmats, "betas": betas, "has_smpl": torch.tensor(known)}

    def _camera(self, row: int, view: View) -> dict[str, torch.Tensor]:
        if "focal_length" in self.store:
            focal, principal = float(self.store["focal_length"][row]), self.store["principal_point"][row]
        else:
            size = self.store["image_size"][row]
            focal, principal = float(default_focal_length(torch.from_numpy(size))), size / 2
        focal, principal = crop_camera(view.affine, focal, principal)
        return {"focal_length": torch.tensor(focal), "principal_point": _tensor(principal)}


def uncovered(
    points: Float[np.ndarray, "joints 2"], covered: Bool[np.ndarray, "side side"]
) -> Bool[np.ndarray, " joints"]:
    """Whether each point, in crop units, lies inside the crop on a pixel that no occluder covers."""
    row, column = pixel_index(points, len(covered))
    inside = (row >= 0) & (row < len(covered)) & (column >= 0) & (column < len(covered))
    return inside & ~covered[np.where(inside, row, 0), np.where(inside, column, 0)]


def _tensor(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
