"""Where a fit begins when nobody says anything about a person: from many poses and headings, the best of them."""

import math

import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.bodies.body import Body
from hpe.fitting.chosen_joints import reliable
from hpe.fitting.problem import Bodies, Seen
from hpe.fitting.smplify import SMPLify
from hpe.geometry.camera_fit import fit_translation

HEADINGS = 8


def placed(body: Body, seen: Seen, rotvecs: Float[Tensor, "people 72"], betas: Float[Tensor, "people 10"]) -> Bodies:
    """Bodies where their joints project nearest to where they are seen; NaN where too few are seen."""
    bodies = Bodies(rotvecs[:, :3], rotvecs[:, 3:], betas, betas.new_zeros(len(betas), 3))
    with torch.no_grad():
        joints = bodies.joints(body, seen.joint_set)
    place = fit_translation(joints, seen.joints2d, seen.confidence, seen.focal_length, seen.centre)
    return Bodies(bodies.orientation, bodies.pose, betas, place)


def guesses_a_person(smplify: SMPLify) -> int:
    """How many fits a first guess tries."""
    return HEADINGS * len(smplify.objective.prior.means)


def first_guess(smplify: SMPLify, body: Body, seen: Seen) -> Bodies:
    """For each person the best of fits that begin upright, at each of 8 headings, with each mean of the pose prior.

    The best has the least energy. `smplify` may be coarse: a few iterations tell the headings apart.
    """
    poses = smplify.objective.prior.means
    starts = torch.cat([_headings().to(poses).repeat_interleave(len(poses), 0), poses.repeat(HEADINGS, 1)], dim=1)
    many = seen[torch.arange(len(seen), device=poses.device).repeat_interleave(len(starts))]
    rotvecs = starts.repeat(len(seen), 1)
    begun, goal = placed(body, many, rotvecs, rotvecs.new_zeros(len(many), 10)), reliable(many)
    fitted = smplify.pose(body, goal, smplify.place(body, many, begun))
    with torch.no_grad():
        energies = smplify.objective.body(fitted.joints(body, seen.joint_set), fitted, goal).nan_to_num(torch.inf)
    best = energies.view(len(seen), len(starts)).argmin(1)
    return fitted[best + len(starts) * torch.arange(len(seen), device=best.device)]


def _headings() -> Float[Tensor, "headings 3"]:
    """Root rotations of people upright in the camera's frame (y down), turned about their own axis."""
    angles = torch.arange(HEADINGS) * 2 * math.pi / HEADINGS
    upright = torch.tensor([math.pi, 0.0, 0.0])
    turns = angles[:, None] * torch.tensor([0.0, 1.0, 0.0])
    return roma.rotmat_to_rotvec(roma.rotvec_to_rotmat(upright) @ roma.rotvec_to_rotmat(turns))
