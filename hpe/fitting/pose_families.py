"""A pose prior that needs no licensed file: a Gaussian for each family of the synthetic set's poses."""

import math

import numpy as np
import torch
from jaxtyping import Float

from hpe.datasets.synthetic.poses import FAMILIES, sample_pose, walking_pose
from hpe.fitting.gaussian_mixture import NUMBERS, GaussianMixture

SAMPLES = 200


def pose_families(widening: float = 1.5, floor: float = 3.0, seed: int = 0) -> GaussianMixture:
    """One Gaussian for each of `poses.FAMILIES` and one for walking, all of equal weight, from poses drawn by `seed`.

    People do more than the families hold, so deviations are `widening` times those of the drawn poses; and no number,
    not even one that the families keep at zero, has a deviation of less than `floor` degrees.
    """
    rng = np.random.default_rng(seed)
    families = [np.stack([sample_pose(rng, name) for _ in range(SAMPLES)]) for name in FAMILIES]
    families.append(np.stack([walking_pose(2 * np.pi * rng.random(), rng.uniform(0.6, 1.3)) for _ in range(SAMPLES)]))
    poses = [family[:, 1:].reshape(SAMPLES, NUMBERS).astype(float) for family in families]
    means = np.stack([family.mean(0) for family in poses])
    covariances = np.stack([_covariance(family, widening, math.radians(floor)) for family in poses])
    weights = np.full(len(poses), 1 / len(poses))
    return GaussianMixture(torch.from_numpy(means), torch.from_numpy(covariances), torch.from_numpy(weights))


def _covariance(poses: Float[np.ndarray, "poses 69"], widening: float, floor: float) -> Float[np.ndarray, "69 69"]:
    """Covariance of poses, widened, with the variance `floor`² added to each number."""
    return widening**2 * np.cov(poses, rowvar=False) + floor**2 * np.eye(NUMBERS)
