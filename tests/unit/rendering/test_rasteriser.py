import pytest
import torch
from torch import Tensor

from hpe.rendering.rasteriser import BACKGROUND, rasterise, silhouette


def reference(screen: Tensor, faces: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """One face and one pixel at a time, in float64."""
    face = torch.full((size, size), BACKGROUND)
    depth = torch.full((size, size), torch.inf, dtype=torch.float64)
    centre = torch.arange(size).double() + 0.5
    x, y = torch.meshgrid(centre, centre, indexing="xy")
    for number, (a, b, c) in enumerate(screen.double()[faces]):
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        u = ((c[0] - b[0]) * (y - b[1]) - (c[1] - b[1]) * (x - b[0])) / area
        v = ((a[0] - c[0]) * (y - c[1]) - (a[1] - c[1]) * (x - c[0])) / area
        z = 1 / (u / a[2] + v / b[2] + (1 - u - v) / c[2])
        nearer = (u >= 0) & (v >= 0) & (u + v <= 1) & (z < depth)
        face[nearer], depth[nearer] = number, z[nearer]
    return face, depth


def triangles(count: int, size: int, seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    corners = torch.rand(count * 3, 3, generator=generator) * torch.tensor([size * 1.6, size * 1.6, 4.0])
    return corners + torch.tensor([-0.3 * size, -0.3 * size, 1.0]), torch.arange(count * 3).view(-1, 3)


def sphere(rings: int = 24) -> tuple[Tensor, Tensor]:
    """A closed unit sphere around (0, 0, 3), winding outwards as SMPL's mesh does."""
    polar, around = torch.meshgrid(
        torch.linspace(0, torch.pi, rings + 1), torch.arange(2 * rings) * torch.pi / rings, indexing="ij"
    )
    points = torch.stack([polar.sin() * around.cos(), polar.cos(), polar.sin() * around.sin()], -1).view(-1, 3)
    row, column = torch.meshgrid(torch.arange(rings), torch.arange(2 * rings), indexing="ij")
    a, b = row * 2 * rings + column, row * 2 * rings + (column + 1) % (2 * rings)
    quads = torch.stack([a, b, a + 2 * rings, b, b + 2 * rings, a + 2 * rings], -1).view(-1, 3)
    return points + torch.tensor([0.0, 0.0, 3.0]), quads


def to_screen(points: Tensor, size: int, focal: float) -> Tensor:
    return torch.cat([focal * points[..., :2] / points[..., 2:] + size / 2, points[..., 2:]], -1)


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_the_reference(seed: int) -> None:
    screen, faces = triangles(30, 40, seed)
    fragments = rasterise(screen[None], faces, 40, 40)
    face, depth = reference(screen, faces, 40)
    assert (fragments.face[0] == face).float().mean() > 0.999
    same = (fragments.face[0] == face) & (face != BACKGROUND)
    torch.testing.assert_close(fragments.depth[0][same].double(), depth[same], rtol=1e-4, atol=0)


def test_barycentrics_give_back_the_pixel_centre() -> None:
    screen, faces = triangles(10, 32, seed=7)
    fragments = rasterise(screen[None], faces, 32, 32)
    y, x = fragments.silhouette[0].nonzero(as_tuple=True)
    corners = screen[faces[fragments.face[0, y, x]]]
    weight = fragments.barycentric[0, y, x]
    torch.testing.assert_close(weight.sum(-1), torch.ones(len(weight)))
    # Perspective-correct weights hold for points in space: x z is linear there, x is not.
    depth = (weight * corners[..., 2]).sum(-1)
    across = (weight * corners[..., 0] * corners[..., 2]).sum(-1) / depth
    torch.testing.assert_close(across, x + 0.5, rtol=0, atol=2e-3)
    torch.testing.assert_close(depth, fragments.depth[0, y, x], rtol=1e-4, atol=0)


def test_a_closed_mesh_has_no_cracks_and_culling_changes_nothing() -> None:
    points, faces = sphere()
    screen = to_screen(points, 96, 100.0)[None]
    fragments = rasterise(screen, faces, 96, 96)
    rows = fragments.silhouette[0]
    for line in rows:
        covered = line.nonzero()
        assert not len(covered) or line[covered.min() : covered.max() + 1].all()
    culled = rasterise(screen, faces, 96, 96, cull_back=True)
    assert torch.equal(culled.face, fragments.face)
    assert fragments.depth[0, 48, 48] == pytest.approx(2.0, abs=0.01)


def test_pictures_of_a_batch_do_not_disturb_each_other() -> None:
    points, faces = sphere(8)
    batch = torch.stack([to_screen(points, 48, focal) for focal in (20.0, 60.0, 200.0)])
    together = rasterise(batch, faces, 48, 48)
    for number in range(3):
        alone = rasterise(batch[number : number + 1], faces, 48, 48)
        assert torch.equal(alone.face[0], together.face[number])
        assert torch.equal(alone.barycentric[0], together.barycentric[number])
    assert torch.equal(silhouette(batch, faces, 48, 48), together.silhouette)


def test_a_face_larger_than_the_picture_covers_it() -> None:
    screen = torch.tensor([[[-1e4, -1e4, 2.0], [3e4, -1e4, 2.0], [-1e4, 3e4, 2.0]]])
    assert rasterise(screen, torch.tensor([[0, 1, 2]]), 20, 30).silhouette.all()


def test_nothing_is_drawn_of_faces_behind_or_without_area() -> None:
    screen = torch.tensor([[[0.0, 0, -1], [20, 0, 2], [0, 20, 2], [0, 0, 2], [10, 10, 2], [20, 20, 2]]])
    fragments = rasterise(screen, torch.tensor([[0, 1, 2], [3, 4, 5]]), 16, 16)
    assert not fragments.silhouette.any()
    assert fragments.depth.isinf().all()
