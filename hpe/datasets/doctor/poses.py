"""SMPL poses and shapes: angles of a human, in radians, in the camera's frame."""

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from hpe.datasets.doctor.finding import Finding, fault, lacking, named, not_checked, sound
from hpe.datasets.doctor.landmarks import Landmarks, cosine, middle_value
from hpe.datasets.store import Store

# No joint turns once around; fits of the field stay below. Betas are in standard deviations of people.
MOST_RADIANS, MOST_BETA = 2 * np.pi, 15.0
# The pelvis of people who stand, sit or bend points to their shoulders within this cosine, by the median.
LEAST_COSINE = 0.5


def plausible_poses(store: Store) -> Finding:
    """Angles below a full turn, betas below 15 deviations, and no pose of all zeros that claims to be a fit."""
    if missing := lacking(store, "pose"):
        return missing
    known = store["has_smpl"]
    angles = np.linalg.norm(store["pose"].reshape(-1, 24, 3), axis=-1)
    with np.errstate(invalid="ignore"):
        faults = {
            "turn a joint by more than 360 degrees": (angles > MOST_RADIANS).any(axis=1),
            "are all zeros": (angles == 0).all(axis=1),
            f"have a beta beyond {MOST_BETA:.0f}": (np.abs(store["betas"]) > MOST_BETA).any(axis=1),
        }
    for words, rows in faults.items():
        if (rows & known).any():
            return fault(
                f"{int((rows & known).sum())} of {int(known.sum())} SMPL labels {words}", named(store, rows & known)
            )
    return sound(f"{int(known.sum())} SMPL labels, largest angle {np.degrees(_largest(angles[known])):.0f} degrees")


def pose_in_camera_frame(store: Store) -> Finding:
    """The pelvis of the pose points upwards where the joints do: a pose in the world's frame does not."""
    if missing := lacking(store, "pose"):
        return missing
    column = "joints3d" if "joints3d" in store else "joints2d"
    if missing := lacking(store, column):
        return missing
    torso = Landmarks.of(store, column).torso()
    agreement = cosine(body_axis(store, 1)[:, : torso.shape[-1]], torso)
    if np.isnan(value := middle_value(agreement)):
        return not_checked("nobody has a pose, hips and shoulders")
    words = f"cosine between the pose's up and the torso of {column}: median {value:.2f}"
    if value < LEAST_COSINE:
        return fault(f"{words}; the pose is in another frame than the joints", named(store, agreement < LEAST_COSINE))
    return sound(words)


def body_axis(store: Store, axis: int) -> Float[np.ndarray, "people 3"]:
    """Where the pose's root points: 0 to the body's left, 1 up, 2 forward; NaN where there is no pose."""
    known = store["has_smpl"] & np.isfinite(store["pose"][:, :3]).all(axis=1)
    directions = np.full((len(store), 3), np.nan)
    if known.any():
        directions[known] = Rotation.from_rotvec(store["pose"][known, :3].astype(np.float64)).as_matrix()[:, :, axis]
    return directions


def _largest(angles: np.ndarray) -> float:
    defined = angles[np.isfinite(angles)]
    return float(defined.max()) if len(defined) else 0.0
