"""Where a body stands, from its joints and where they are seen: a linear problem, in metres and pixels."""

import torch
from jaxtyping import Float
from torch import Tensor

# Past this condition of the normal equations the depth is made of rounding.
SINGULAR = 1e12


def fit_translation(
    points: Float[Tensor, "*batch points 3"],
    seen: Float[Tensor, "*batch points 2"],
    confidence: Float[Tensor, "*batch points"],
    focal_length: Float[Tensor, "*batch"] | float,
    centre: Float[Tensor, "*batch 2"] | float = 0.0,
) -> Float[Tensor, "*batch 3"]:
    """The translation in metres with which points project nearest to the pixels where they are `seen`.

    Least squares, weighted by `confidence`, of reprojection errors times depth, which are linear: so SPIN (Kolotouros
    et al., ICCV 2019) places its ground truth. `focal_length` and principal point `centre` are in pixels. Computed in
    double precision; NaN where the points do not tell (fewer than two apart that have confidence).
    """
    focal = focal_length[..., None, None] if isinstance(focal_length, Tensor) else focal_length
    middle = centre[..., None, :] if isinstance(centre, Tensor) else centre
    slopes = ((seen - middle) / focal).double()
    goal = slopes * points[..., 2:] - points[..., :2]
    axes = torch.eye(2, dtype=slopes.dtype, device=slopes.device).expand(*slopes.shape, 2)
    rows = torch.cat([axes, -slopes[..., None]], dim=-1).flatten(-3, -2)
    weighted = rows * confidence.repeat_interleave(2, dim=-1)[..., None]
    return _solution(weighted.mT @ rows, weighted.mT @ goal.flatten(-2)[..., None]).to(points.dtype)


def _solution(normal: Float[Tensor, "*batch 3 3"], right: Float[Tensor, "*batch 3 1"]) -> Float[Tensor, "*batch 3"]:
    """Solutions of the normal equations, NaN for those that are singular."""
    found, _ = torch.linalg.solve_ex(normal, right)
    return found[..., 0].where((torch.linalg.cond(normal) < SINGULAR)[..., None], torch.nan)
