"""What the tests of golden crops share: vectors, the rule of their inputs, and labels as SPIN makes them."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import roma
import torch
from golden import FILL

from hpe.datasets.geometric import View
from hpe.geometry.crops import transform_points, turn_points
from hpe.joints import joint_set

MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


@dataclass(frozen=True)
class GoldenArrays:
    """The vectors of one folder, and the rule by which their inputs were made."""

    vectors: dict[str, np.ndarray]
    salt: str

    @classmethod
    def read(cls, folder: Path) -> "GoldenArrays":
        with np.load(folder / "vectors.npz") as archive:
            vectors = {name: archive[name] for name in archive.files}
        return cls(vectors, json.loads((folder / "sizes.json").read_text())["salt"])

    def __getitem__(self, name: str) -> np.ndarray:
        return self.vectors[name]

    def inputs(self, name: str, *shape: int) -> np.ndarray:
        return FILL["inputs"](name, shape, self.salt)

    def forgotten(self, *known: str) -> list[str]:
        return [name for name in self.vectors if not name.startswith(known)]


def view(x: float, y: float, side: float, rotation: float = 0.0, flip: bool = False) -> View:
    """The view of a published crop, which is turned by -`rotation` degrees in the picture and mirrored afterwards."""
    return View(np.array([x, y, side], float), np.array(rotation if flip else -rotation), np.array(flip))


def normalised(pixels: np.ndarray) -> np.ndarray:
    """Grey levels as a network takes them, channels first."""
    return ((pixels / 255 - MEAN) / DEVIATION).transpose(2, 0, 1)


def whole_pixels(points: np.ndarray, seen: View, resolution: int) -> np.ndarray:
    """Places in a crop, before it is mirrored, in the published loaders' whole pixels: truncated, then one more."""
    turned = view(*seen.crop, -float(-seen.degrees if seen.flip else seen.degrees))
    return np.trunc((transform_points(turned.affine, points) + 1) * resolution / 2).astype(int) + 1


def keypoints2d(points: np.ndarray, seen: View, resolution: int) -> np.ndarray:
    """spin_49 in crop units as the published loaders make them: quantised, then mirrored."""
    units = 2.0 * whole_pixels(points, seen, resolution) / resolution - 1
    return units[list(joint_set("spin_49").flip)] * [-1, 1] if seen.flip else units


def keypoints3d(points: np.ndarray, seen: View) -> np.ndarray:
    """spin_j24 as the view shows them."""
    turned = turn_points(points, seen.degrees, bool(seen.flip))
    return turned[list(joint_set("spin_j24").flip)] if seen.flip else turned


def turned_pose(pose: np.ndarray, seen: View) -> torch.Tensor:
    """Rotation matrices of an axis-angle pose (72 numbers) as the view shows it."""
    return seen.turn_pose(rotations(pose))


def rotations(pose: np.ndarray) -> torch.Tensor:
    return roma.rotvec_to_rotmat(torch.from_numpy(pose).reshape(-1, 3).float())
