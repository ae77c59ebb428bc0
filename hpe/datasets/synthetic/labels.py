"""One row of the store: everything that is known about a synthetic picture's subject."""

from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from hpe.datasets.synthetic.camera import Camera
from hpe.datasets.synthetic.photograph import Photograph
from hpe.datasets.synthetic.scene import Scene


def subject_labels(scene: Scene, picture: Photograph) -> dict[str, Any]:
    """Columns of the store for the scene's subject.

    The pose is in the camera's frame. The box is that of the whole body, hidden and cut-off parts included.
    """
    camera, person = scene.camera, scene.people[0]
    joints = camera.project(person.joints)
    outline = camera.project(person.surface.vertices)[:, :2]
    low, high = outline.min(0), outline.max(0)
    return {
        "box": np.concatenate([low, high - low]),
        "image_size": np.full(2, camera.size),
        "joints2d": joints[:, :2],
        "confidence2d": np.ones(24),
        "joints3d": camera.to_camera(person.joints),
        "confidence3d": np.ones(24),
        "visible": picture.visible,
        "pose": _camera_pose(camera, person.pose).ravel(),
        "betas": person.betas,
        "has_smpl": True,
        "gender": 0,
        "focal_length": camera.focal_length,
        "principal_point": np.full(2, camera.size / 2),
    }


def _camera_pose(camera: Camera, pose: np.ndarray) -> np.ndarray:
    """The pose with its global orientation seen from the camera [24 3]."""
    upright = Rotation.from_matrix(camera.rotation) * Rotation.from_rotvec(pose[0])
    return np.concatenate([upright.as_rotvec()[None], pose[1:]])
