"""From fragments to pictures: interpolation, normals, simple light."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize

from hpe.rendering.rasteriser import Fragments


def vertex_normals(
    vertices: Float[Tensor, "batch vertices 3"], faces: Int[Tensor, "faces 3"]
) -> Float[Tensor, "batch vertices 3"]:
    """Unit normals, the mean of the adjoining faces' normals weighted by their area."""
    a, b, c = vertices[:, faces].unbind(-2)
    face_normals = torch.cross(b - a, c - a, dim=-1)
    normals = torch.zeros_like(vertices)
    for corner in range(3):
        normals.index_add_(1, faces[:, corner], face_normals)
    return normalize(normals, dim=-1)


def interpolate(
    fragments: Fragments, faces: Int[Tensor, "faces 3"], attributes: Float[Tensor, "batch vertices channels"]
) -> Float[Tensor, "batch height width channels"]:
    """Vertex attributes at every pixel, perspective-correct; zero on the background."""
    picture, y, x = fragments.silhouette.nonzero(as_tuple=True)
    corners = faces[fragments.face[picture, y, x]]
    values = (attributes[picture[:, None], corners] * fragments.barycentric[picture, y, x, :, None]).sum(1)
    out = attributes.new_zeros(*fragments.face.shape, attributes.shape[-1])
    out[picture, y, x] = values
    return out


def vertex_labels(
    fragments: Fragments, faces: Int[Tensor, "faces 3"], labels: Int[Tensor, "vertices"], background: int
) -> Int[Tensor, "batch height width"]:
    """The label of the nearest corner of the face that each pixel sees, `background` where it sees none."""
    nearest = fragments.barycentric.argmax(-1, keepdim=True)
    corner = faces[fragments.face.clamp(min=0)].gather(-1, nearest)[..., 0]
    return torch.where(fragments.silhouette, labels[corner], background)
