"""The rasteriser's speed: a batch of people against one face at a time."""

import numpy as np
import torch
from scipy.spatial.transform import Rotation
from torch import Tensor

from benchmarks.timing import Row, medians
from hpe.bodies.anny import load_anny
from hpe.datasets.synthetic.poses import FAMILIES, sample_pose
from hpe.rendering.rasteriser import rasterise

PICTURES, SIZE = 16, 128


def rasteriser() -> dict[str, Row]:
    """Pictures of the free body (1,229 vertices) at 128x128 against one face at a time; seconds a picture."""
    screen, faces = _people()

    def reference() -> None:
        for picture in screen[:1]:
            _one_face_at_a_time(picture, faces)

    def ours() -> None:
        rasterise(screen, faces, SIZE, SIZE)

    row = medians(ours, reference)
    picture_s = row["ours_s"] / PICTURES
    return {
        "rasterise": {"ours_s": picture_s, "reference_s": row["reference_s"], "ratio": row["reference_s"] / picture_s}
    }


def _people() -> tuple[Tensor, Tensor]:
    """Screen coordinates of people who fill the picture's height, in poses of all families."""
    body, rng = load_anny(), np.random.default_rng(0)
    families = [list(FAMILIES)[number % len(FAMILIES)] for number in range(PICTURES)]
    poses = np.stack([sample_pose(rng, family) for family in families])
    poses[:, 0] = (Rotation.from_rotvec([np.pi, 0, 0]) * Rotation.random(PICTURES, random_state=0)).as_rotvec()
    rotmats = Rotation.from_rotvec(poses.reshape(-1, 3)).as_matrix().reshape(-1, 24, 3, 3)
    vertices = body(torch.from_numpy(rotmats).float(), torch.zeros(PICTURES, 10)).vertices
    vertices = vertices - vertices.mean(1, keepdim=True) + vertices.new_tensor([0.0, 0.0, 5.0])
    pixels = SIZE * 2.6 * vertices[..., :2] / vertices[..., 2:] + SIZE / 2
    return torch.cat([pixels, vertices[..., 2:]], dim=-1), body.faces


def _one_face_at_a_time(screen: Tensor, faces: Tensor) -> Tensor:
    """The textbook z-buffer: a loop over faces, all pixels of the bounding box at once. Returns depth."""
    depth = torch.full((SIZE, SIZE), torch.inf)
    for a, b, c in screen[faces]:
        corners = torch.stack([a, b, c])[:, :2].clamp(0, SIZE)
        left, top = corners.amin(0).floor().long().tolist()
        right, bottom = corners.amax(0).ceil().long().tolist()
        y, x = torch.meshgrid(torch.arange(top, bottom) + 0.5, torch.arange(left, right) + 0.5, indexing="ij")
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        u = ((c[0] - b[0]) * (y - b[1]) - (c[1] - b[1]) * (x - b[0])) / area
        v = ((a[0] - c[0]) * (y - c[1]) - (a[1] - c[1]) * (x - c[0])) / area
        inside = (u >= 0) & (v >= 0) & (u + v <= 1)
        z = torch.where(inside, 1 / (u / a[2] + v / b[2] + (1 - u - v) / c[2]), torch.inf)
        window = depth[top:bottom, left:right]
        torch.minimum(window, z, out=window)
    return depth
