"""The camera of a synthetic picture. World: y up, metres. Camera: x right, y down, z forward. Picture: pixels."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation


@dataclass(frozen=True)
class Camera:
    """A pinhole camera with its principal point in the middle of a square picture."""

    rotation: Float[np.ndarray, "3 3"]
    position: Float[np.ndarray, "3"]
    focal_length: float
    size: int

    def to_camera(self, world: Float[np.ndarray, "points 3"]) -> Float[np.ndarray, "points 3"]:
        """World points in the camera frame, metres."""
        return (world - self.position) @ self.rotation.T

    def project(self, world: Float[np.ndarray, "points 3"]) -> Float[np.ndarray, "points 3"]:
        """World points as x and y in pixels, and depth in metres."""
        points = self.to_camera(world)
        pixels = self.focal_length * points[:, :2] / points[:, 2:] + self.size / 2
        return np.concatenate([pixels, points[:, 2:]], axis=1)

    def rays(self) -> Float[np.ndarray, "size size 3"]:
        """World direction through every pixel centre; its camera-frame depth is 1."""
        offset = ((np.arange(self.size) + 0.5 - self.size / 2) / self.focal_length).astype(np.float32)
        x, y = np.meshgrid(offset, offset)
        return np.stack([x, y, np.ones_like(x)], axis=-1) @ self.rotation

    def scaled(self, factor: int) -> "Camera":
        """The same view on a picture `factor` times as large."""
        return Camera(self.rotation, self.position, self.focal_length * factor, self.size * factor)


def look_at(
    position: Float[np.ndarray, "3"], target: Float[np.ndarray, "3"], roll: float, focal_length: float, size: int
) -> Camera:
    """A camera at `position` with `target` in the middle of its picture, turned by `roll` radians about its axis."""
    forward = (target - position) / np.linalg.norm(target - position)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    upright = np.stack([right, np.cross(forward, right), forward])
    rotation = Rotation.from_rotvec([0, 0, roll]).as_matrix() @ upright
    return Camera(rotation.astype(np.float32), position.astype(np.float32), focal_length, size)
