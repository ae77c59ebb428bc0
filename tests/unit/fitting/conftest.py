"""People of the synthetic set's own sampler, without pictures: where their joints are seen, and who they are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import roma
import torch
from scipy.spatial.transform import Rotation
from torch import Tensor

from hpe.bodies.body import Body
from hpe.bodies.skeleton_body import skeleton_body
from hpe.datasets.synthetic.people import Figure
from hpe.datasets.synthetic.scene import FAMILY_SHARES, sample_camera, sample_person
from hpe.fitting.first_guess import placed
from hpe.fitting.gaussian_mixture import GaussianMixture
from hpe.fitting.pose_families import pose_families
from hpe.fitting.problem import Bodies, Seen
from hpe.metrics.pose import pa_mpjpe


@dataclass(frozen=True)
class People:
    """Exact 2D joints through a known camera, and the truth: poses in the camera's frame and joints, metres."""

    body: Body
    seen: Seen
    rotvecs: Tensor
    betas: Tensor
    joints: Tensor

    def estimate(self, error: float, seed: int = 0) -> Bodies:
        """As a regressor may say: every rotation off by normal `error` radians an axis, and mean betas."""
        noise = error * torch.randn(len(self.rotvecs), 24, 3, generator=torch.Generator().manual_seed(seed))
        turned = roma.rotvec_composition([self.rotvecs.unflatten(1, (24, 3)), noise])
        return placed(self.body, self.seen, turned.flatten(1), torch.zeros_like(self.betas))

    def pa_mpjpe(self, bodies: Bodies) -> Tensor:
        """PA-MPJPE of each, mm."""
        return 1000 * pa_mpjpe(bodies.joints(self.body, "smpl_24").detach(), self.joints)


@pytest.fixture(scope="session")
def prior() -> GaussianMixture:
    return pose_families()


@pytest.fixture(scope="session")
def people(body: Body) -> Callable[[int], People]:
    """Draws that many people."""
    figure, lean = Figure.of(body), skeleton_body(body)

    def draw(count: int) -> People:
        rng = np.random.default_rng(0)
        columns = zip(*(_person(rng, figure) for _ in range(count)), strict=True)
        pixels, focal, centre, *truth = (torch.from_numpy(np.stack(values)).float() for values in columns)
        return People(lean, Seen(pixels, torch.ones(count, 24), focal, centre, "smpl_24"), *truth)

    return draw


def _person(rng: np.random.Generator, figure: Figure) -> tuple[np.ndarray, ...]:
    """Joints, focal length and principal point in pixels of a crop of 224, pose, betas and joints in 3D."""
    family = rng.choice(list(FAMILY_SHARES), p=list(FAMILY_SHARES.values()))
    person = sample_person(rng, figure, str(family), ground=np.zeros(2))
    camera = sample_camera(rng, person, size=128)
    pixels = camera.project(person.joints)[:, :2]
    low, high = pixels.min(0), pixels.max(0)
    scale, middle = 224 / (1.2 * (high - low).max()), (low + high) / 2
    crop = [(points - middle) * scale + 112 for points in (pixels, np.full(2, camera.size / 2))]
    root = Rotation.from_matrix(camera.rotation) * Rotation.from_rotvec(person.pose[0])
    pose = np.concatenate([root.as_rotvec(), person.pose[1:].ravel()])
    return crop[0], np.array(camera.focal_length * scale), crop[1], pose, person.betas, camera.to_camera(person.joints)
