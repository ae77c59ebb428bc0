"""Part maps of meshes: which part of the body each pixel of a crop shows."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from hpe.geometry.cameras import project
from hpe.rendering.rasteriser import BACKGROUND, rasterise


def render_parts(
    vertices: Float[Tensor, "people vertices 3"],
    faces: Int[Tensor, "faces 3"],
    face_parts: Int[Tensor, " faces"],
    focal_length: Float[Tensor, " people"],
    principal_point: Float[Tensor, "people 2"],
    side: int,
) -> Int[Tensor, "people {side} {side}"]:
    """1 + part of the nearest face at every pixel centre, 0 where there is none.

    `vertices` are in the camera's frame, in metres; focal length and principal point are in crop units (-1 to 1 from
    edge to edge), as in `Batch`.
    """
    seen = project(vertices, torch.zeros_like(vertices[:, 0]), focal_length, principal_point)
    screen = torch.cat([(seen + 1) * (side / 2), vertices[..., 2:]], dim=-1)
    face = rasterise(screen, faces, side, side, cull_back=True).face
    return (1 + face_parts[face]).where(face != BACKGROUND, 0)
