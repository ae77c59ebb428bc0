"""Golden PARE: the energies of SMPLify on pictures and clips, and a short temporal fit."""

import torch
from fake_smpl import fake_smpl
from golden import Golden
from torch import Tensor

from hpe.fitting.adam import Adam
from hpe.fitting.chosen_joints import reliable
from hpe.fitting.gaussian_mixture import GaussianMixture
from hpe.fitting.hyperextension import hyperextension
from hpe.fitting.objective import Objective
from hpe.fitting.problem import Bodies, Seen
from hpe.fitting.reprojection import geman_mcclure
from hpe.fitting.temporal_smplify import TemporalSMPLify
from hpe.geometry.cameras import camera_of_translation, crop_translation

CHECKED = ("fit",)
FOCAL_LENGTH, RESOLUTION = 5000.0, 224


def mixture(golden: Golden) -> GaussianMixture:
    count = golden.vectors["fit/gmm_nll_weights"].shape[-1]
    factors = golden.inputs("gmm.A", count, 69, 69).double()
    weights = golden.inputs("gmm.w", count).double().abs() + 0.1
    covariances = 0.1 * factors @ factors.mT / 69 + 0.05 * torch.eye(69)
    return GaussianMixture(0.2 * golden.inputs("gmm.means", count, 69), covariances, weights / weights.sum())


def temporal(golden: Golden, iterations: int = 4) -> TemporalSMPLify:
    return TemporalSMPLify(Objective(mixture(golden)), Adam(0.01, iterations), move_camera=False)


def seen(golden: Golden) -> Seen:
    count = golden.count("fit/body_reproj")
    return Seen(
        112 + 40 * golden.inputs("fit.j2d", count, 49, 2),
        golden.inputs("fit.conf", count, 49).abs().clamp(max=1),
        torch.full((count,), FOCAL_LENGTH),
        torch.full((count, 2), RESOLUTION / 2),
        "spin_49",
    )


def translation(golden: Golden) -> Tensor:
    return crop_translation(golden.vectors["cam/wp_in"][: golden.count("fit/body_reproj")], FOCAL_LENGTH, RESOLUTION)


def posed(golden: Golden) -> tuple[Tensor, Bodies]:
    """Joints and bodies that the energies were taken of; the joints are not those of the bodies."""
    count = golden.count("fit/body_reproj")
    pose, betas = 0.3 * golden.inputs("fit.pose", count, 69), golden.inputs("fit.betas", count, 10)
    return 0.4 * golden.inputs("fit.joints", count, 49, 3), Bodies(
        torch.zeros(count, 3), pose, betas, translation(golden)
    )


def test_robust_square(golden: Golden) -> None:
    residual = golden.inputs("fit.x", golden.count("fit/gmof"))
    golden.check("fit/gmof", geman_mcclure(residual, 2.0), of_max=2e-5)


def test_hyperextension(golden: Golden) -> None:
    golden.check("fit/angle_prior", hyperextension(posed(golden)[1].pose), of_max=2e-5)


def test_gaussian_mixture(golden: Golden) -> None:
    prior = mixture(golden)
    golden.check("fit/gmm_prior", prior(posed(golden)[1].pose), of_max=1e-4)
    golden.check("fit/gmm_nll_weights", prior.log_scales.double().exp()[None].float(), of_max=1e-4)


def test_energy_of_bodies(golden: Golden) -> None:
    joints, bodies = posed(golden)
    objective, goal = temporal(golden).objective, seen(golden)
    golden.check("fit/body_reproj", objective.reprojection(joints, bodies, goal), of_max=2e-5)
    golden.check("fit/body_sum", objective.body(joints, bodies, goal).sum(), of_max=1e-4)


def test_energy_of_a_clip(golden: Golden) -> None:
    golden.check("fit/temporal_sum", temporal(golden).clip(*posed(golden), seen(golden)), of_max=1e-4)


def test_energy_of_the_camera(golden: Golden) -> None:
    joints, bodies = posed(golden)
    guess = bodies.translation + 0.05
    energy = temporal(golden).objective.camera(joints, bodies.translation, guess, seen(golden)).sum()
    golden.check("fit/camera", energy, of_max=2e-5)
    golden.check("fit/temporal_camera", energy, of_max=2e-5)


def test_four_steps_of_adam_in_each_stage(golden: Golden) -> None:
    pose = 0.3 * golden.inputs("fit.full_pose", golden.count("fit/adam4_theta"), 72)
    betas = 0.3 * golden.inputs("fit.full_betas", 1, 10)
    start = Bodies(pose[:, :3], pose[:, 3:], betas.expand(len(pose), 10), translation(golden))
    smplify, body, goal = temporal(golden), fake_smpl(golden), seen(golden)
    fitted = smplify.pose(body, reliable(goal), smplify.place(body, goal, start))
    camera = camera_of_translation(fitted.translation, FOCAL_LENGTH, RESOLUTION)
    theta = torch.cat([camera, fitted.rotvecs, fitted.betas], dim=-1)
    golden.check("fit/adam4_theta", theta, of_max=1e-3)
    costs = smplify.objective.reprojection(fitted.joints(body, "spin_49"), fitted, reliable(goal))
    golden.check("fit/adam4_reproj", costs, of_max=1e-3)
