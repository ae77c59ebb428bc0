"""Meshes drawn over pictures, beside pictures, and onto sheets of pictures."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor
from torch.nn.functional import normalize

from hpe.rendering.rasteriser import rasterise
from hpe.rendering.shading import interpolate, vertex_normals

MESH_COLOUR = (0.60, 0.73, 0.90)
LIGHT = (-0.4, -0.6, -0.7)
AMBIENT = 0.35
SUPERSAMPLING = 2


def draw_mesh(
    picture: UInt8[np.ndarray, "height width 3"],
    vertices: Float[Tensor, "vertices 3"],
    faces: Int[Tensor, "faces 3"],
    focal_length: float,
    centre: tuple[float, float],
    colour: tuple[float, float, float] = MESH_COLOUR,
) -> UInt8[np.ndarray, "height width 3"]:
    """`picture` (RGB) with the mesh over it.

    `vertices` are metres in the camera frame; `focal_length` and principal point `centre` are pixels.
    """
    height, width = (size * SUPERSAMPLING for size in picture.shape[:2])
    pixels = focal_length * vertices[:, :2] / vertices[:, 2:] + vertices.new_tensor(centre)
    screen = torch.cat([pixels * SUPERSAMPLING, vertices[:, 2:]], dim=-1)[None]
    fragments = rasterise(screen, faces, height, width)
    normals = interpolate(fragments, faces, vertex_normals(vertices[None], faces))[0]
    light = (normals @ normalize(vertices.new_tensor(LIGHT), dim=0)).clamp(min=0)
    alpha = fragments.silhouette[0, ..., None].to(normals)
    shade = (AMBIENT + (1 - AMBIENT) * light[..., None]) * vertices.new_tensor(colour) * 255
    layer = torch.cat([shade * alpha, alpha], dim=-1).cpu().numpy()
    layer = cv2.resize(layer, picture.shape[1::-1], interpolation=cv2.INTER_AREA)
    return (layer[..., :3] + picture * (1 - layer[..., 3:])).round().astype(np.uint8)


def draw_side_view(
    vertices: Float[Tensor, "vertices 3"], faces: Int[Tensor, "faces 3"], size: int
) -> UInt8[np.ndarray, "size size 3"]:
    """The mesh alone on white, turned by 90 degrees about the vertical, to show what the overlay cannot: depth.

    `vertices` are metres in the camera frame (y down).
    """
    centred = vertices - (vertices.amin(0) + vertices.amax(0)) / 2
    turned = torch.stack([centred[:, 2], centred[:, 1], -centred[:, 0]], dim=-1)
    distance = 10.0
    focal_length = 0.45 * size * distance / float(centred.abs().max())
    white = np.full((size, size, 3), 255, np.uint8)
    moved = turned + turned.new_tensor([0, 0, distance])
    return draw_mesh(white, moved, faces, focal_length, (size / 2, size / 2))


def contact_sheet(
    rows: Sequence[Sequence[UInt8[np.ndarray, "height width 3"]]], gap: int = 4
) -> UInt8[np.ndarray, "sheet_height sheet_width 3"]:
    """Pictures of one size in rows of one length, on white."""
    border = ((gap, 0), (gap, 0), (0, 0))
    tiles = np.array([[np.pad(tile, border, constant_values=255) for tile in row] for row in rows])
    count, across, height, width, _ = tiles.shape
    sheet = tiles.transpose(0, 2, 1, 3, 4).reshape(count * height, across * width, 3)
    return np.pad(sheet, ((0, gap), (0, gap), (0, 0)), constant_values=255)


def save_picture(path: Path, picture: UInt8[np.ndarray, "height width 3"]) -> None:
    """Write an RGB picture; the format follows the file's ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    if not written:
        raise OSError(f"could not write picture {path}")
