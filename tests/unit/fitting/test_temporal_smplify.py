from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from hpe.fitting.gaussian_mixture import GaussianMixture
from hpe.fitting.lbfgs import LBFGS
from hpe.fitting.objective import Objective
from hpe.fitting.problem import Seen
from hpe.fitting.smplify import SMPLify
from hpe.fitting.temporal_smplify import TemporalSMPLify

Draw = Callable[[int], Any]
FRAMES = 4


@pytest.fixture
def still(people: Draw) -> Any:
    """One person who stands still for some frames, while the joints that are seen tremble."""
    drawn = people(1)
    again = torch.zeros(FRAMES, dtype=torch.long)
    noise = 2 * torch.randn(FRAMES, 24, 2, generator=torch.Generator().manual_seed(0))
    seen: Seen = drawn.seen[again]
    truth = {name: getattr(drawn, name)[again] for name in ("rotvecs", "betas", "joints")}
    return replace(drawn, seen=replace(seen, joints2d=seen.joints2d + noise), **truth)


def test_a_clip_has_one_shape(still: Any, prior: GaussianMixture) -> None:
    fitted = TemporalSMPLify(Objective(prior), LBFGS(5))(still.body, still.seen, still.estimate(error=0.1))
    assert fitted.kept.all()
    assert (fitted.bodies.betas == fitted.bodies.betas[0]).all()
    assert fitted.bodies.betas.any()


@pytest.mark.slow
def test_a_clip_trembles_less_than_its_frames_by_themselves(still: Any, prior: GaussianMixture) -> None:
    objective, start = Objective(prior), still.estimate(error=0.05)
    single = SMPLify(objective, LBFGS(30))
    clip = TemporalSMPLify(objective, LBFGS(30), in_body=10.0)
    paths = [
        fit(still.body, still.seen, start).bodies.joints(still.body, "smpl_24").diff(dim=0).norm(dim=-1).mean()
        for fit in (single, clip)
    ]
    assert paths[1] < 0.7 * paths[0]


def test_a_clip_is_refused_as_a_whole(still: Any, prior: GaussianMixture) -> None:
    start = still.estimate(error=0.05)
    fitted = TemporalSMPLify(Objective(prior), lambda energy, numbers: numbers + 1)(still.body, still.seen, start)
    assert not fitted.kept.any()
    assert torch.equal(fitted.bodies.betas, start.betas)
