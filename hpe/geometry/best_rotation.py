"""The rotation that a 3x3 covariance asks for: the heart of every alignment, in closed form where that is safe."""

import torch
from jaxtyping import Float
from torch import Tensor

# Below this slope the two best rotations are nearly as good as each other, and the closed form loses digits.
SAFE_SLOPE = 0.01
# Newton's method falls onto the root from above. These steps reach the last digit wherever the slope is safe; what
# has not arrived by then is near a double root, where the slope is not.
STEPS = 12


def best_rotation(covariance: Float[Tensor, "*batch 3 3"]) -> Float[Tensor, "*batch 3 3"]:
    """The rotation R, never a reflection, with the largest trace(R^T K) of each covariance K = sum of goal source^T.

    The best trace t is the largest root of K's quartic (Theobald, Acta Crystallographica A 61, 2005), and R is the
    derivative of t in K. Where the root is nearly double (points on a line, all points equal, mirror images of
    symmetric points) the singular value decomposition takes over (Umeyama, PAMI 1991), which picks one of many.
    Computed in double precision; NaN where K is not finite.
    """
    matrix = covariance.double().reshape(-1, 3, 3)
    size = torch.linalg.matrix_norm(matrix, keepdim=True)
    rotation, slope = _closed_form(matrix / size.where(size > 0, 1.0))
    unsafe = slope < SAFE_SLOPE
    if unsafe.any():
        rotation = rotation.index_put((unsafe,), _by_decomposition(matrix[unsafe]))
    return rotation.reshape(covariance.shape).to(covariance.dtype)


def _closed_form(matrix: Float[Tensor, "batch 3 3"]) -> tuple[Float[Tensor, "batch 3 3"], Float[Tensor, "batch"]]:
    """Rotation, and a quarter of the quartic's slope at its root, of matrices of norm 1.

    With d the determinant and c the squared norm of the cofactors, the quartic is t^4 - 2 t^2 - 8 d t + 1 - 4 c.
    """
    cofactors = torch.linalg.cross(matrix.roll(-1, -2), matrix.roll(-2, -2))
    determinant = (matrix[..., 0, :] * cofactors[..., 0, :]).sum(-1)
    squares = cofactors.square().sum((-1, -2))
    trace = (1 + 2 * (3 * squares).sqrt()).sqrt()
    for _ in range(STEPS):
        value = ((trace.square() - 2) * trace - 8 * determinant) * trace + 1 - 4 * squares
        trace = trace - value / (4 * _slope(trace, determinant)).clamp(min=SAFE_SLOPE)
    slope = _slope(trace, determinant)
    t = trace[..., None, None]
    gradient = (t.square() + 1) * matrix + 2 * t * cofactors - 2 * matrix @ (matrix.mT @ matrix)
    return gradient / slope.clamp(min=SAFE_SLOPE)[..., None, None], slope


def _slope(trace: Float[Tensor, "batch"], determinant: Float[Tensor, "batch"]) -> Float[Tensor, "batch"]:
    return (trace.square() - 1) * trace - 2 * determinant


def _by_decomposition(matrix: Float[Tensor, "batch 3 3"]) -> Float[Tensor, "batch 3 3"]:
    u, _, vh = torch.linalg.svd(matrix)
    sign = torch.linalg.det(u @ vh).sign()
    signs = torch.stack([torch.ones_like(sign), torch.ones_like(sign), sign], dim=-1)
    return (u * signs[..., None, :]) @ vh
