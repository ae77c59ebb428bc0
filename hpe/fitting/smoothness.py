"""What a clip's joints cost for moving from frame to frame."""

from jaxtyping import Float
from torch import Tensor

from hpe.fitting.problem import Seen
from hpe.geometry.cameras import project


def motion(
    joints: Float[Tensor, "frames joints 3"], translation: Float[Tensor, "frames 3"], seen: Seen
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Summed path lengths of the joints in the picture (pixels) and around the body's origin (metres).

    Each step is the sum of its absolute components, weighted by the squared confidence of the later frame, as in
    PARE's temporal fitting.
    """
    pixels = project(joints, translation, seen.focal_length, seen.centre)
    weight = seen.confidence[1:].square()[..., None]
    return _path(pixels, weight), _path(joints, weight)


def _path(points: Float[Tensor, "frames joints dims"], weight: Float[Tensor, "steps joints 1"]) -> Float[Tensor, ""]:
    return (weight * points.diff(dim=0).abs()).sum()
