"""How far a body's joints fall from where they are seen, in pixels, robustly."""

from jaxtyping import Float
from torch import Tensor

from hpe.fitting.problem import Seen
from hpe.geometry.cameras import project


def geman_mcclure(residual: Float[Tensor, "*batch"], sigma: float) -> Float[Tensor, "*batch"]:
    """The robust square s² x² / (s² + x²): x² for small residuals, s² at most (Geman and McClure, 1987)."""
    square = residual.square()
    return sigma**2 * square / (sigma**2 + square)


def reprojection(
    joints: Float[Tensor, "people joints 3"], translation: Float[Tensor, "people 3"], seen: Seen, sigma: float
) -> Float[Tensor, "people joints"]:
    """Robust squared distance in pixels of each joint, weighted by its squared confidence (SMPLify, equation 2)."""
    pixels = project(joints, translation, seen.focal_length, seen.centre)
    return seen.confidence.square() * geman_mcclure(pixels - seen.joints2d, sigma).sum(-1)
