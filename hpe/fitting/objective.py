"""The energies of SMPLify, a number a person, so that nobody's fit depends on who else is fitted."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from hpe.fitting.chosen_joints import torso
from hpe.fitting.gaussian_mixture import GaussianMixture
from hpe.fitting.hyperextension import hyperextension
from hpe.fitting.problem import Bodies, Seen
from hpe.fitting.reprojection import reprojection
from hpe.geometry.cameras import project


@dataclass(frozen=True)
class Objective:
    """Terms and their weights, of which each enters squared; SPIN's and PARE's numbers, for crops of 224 pixels.

    `sigma` is in pixels: what is farther off hardly counts. `depth` holds a person's distance where it was guessed, a
    unit a metre.
    """

    prior: GaussianMixture
    sigma: float = 100.0
    pose: float = 4.78
    bending: float = 15.2
    shape: float = 5.0
    depth: float = 100.0

    def reprojection(
        self, joints: Float[Tensor, "people joints 3"], bodies: Bodies, seen: Seen
    ) -> Float[Tensor, "people joints"]:
        """What each joint costs for falling elsewhere than it is seen."""
        return reprojection(joints, bodies.translation, seen, self.sigma)

    def body(self, joints: Float[Tensor, "people joints 3"], bodies: Bodies, seen: Seen) -> Float[Tensor, "people"]:
        """Reprojection and the three priors; `joints` are those of `bodies`."""
        pose = self.pose**2 * self.prior(bodies.pose)
        bending = self.bending**2 * hyperextension(bodies.pose).sum(-1)
        shape = self.shape**2 * bodies.betas.square().sum(-1)
        return self.reprojection(joints, bodies, seen).sum(-1) + pose + bending + shape

    def camera(
        self,
        joints: Float[Tensor, "people joints 3"],
        translation: Float[Tensor, "people 3"],
        guess: Float[Tensor, "people 3"],
        seen: Seen,
    ) -> Float[Tensor, "people"]:
        """Plain squared distances of the torso, and of the depth from the guessed one."""
        off = project(joints, translation, seen.focal_length, seen.centre) - seen.joints2d
        placed = (torso(seen) * off.square().sum(-1)).sum(-1)
        return placed + self.depth**2 * (translation - guess)[:, 2].square()
