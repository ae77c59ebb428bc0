"""Z-buffer rasteriser in plain torch: batched, exact, CPU and GPU.

Each face is cut into the rows it spans, each row into the pixels it covers; a scatter-min over (depth, face)
keeps the nearest. Picture coordinates are continuous: 0 is the left (top) edge, the centre of pixel c is c + 0.5.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

BACKGROUND = -1
EMPTY = torch.iinfo(torch.int64).max
# Neighbours compute their common edge with different roundings; without this slack a pixel on it could fall through.
EDGE_SLACK = 1e-6
ROWS_AT_ONCE = 1 << 19


@dataclass(frozen=True)
class Fragments:
    """What each pixel sees: the nearest face (BACKGROUND where none), where on it, and how far (inf where none).

    `barycentric` are perspective-correct weights of the face's three corners; `depth` is metres along z.
    """

    face: Int[Tensor, "batch height width"]
    barycentric: Float[Tensor, "batch height width 3"]
    depth: Float[Tensor, "batch height width"]

    @property
    def silhouette(self) -> Tensor:
        """True where any face is seen [batch height width]."""
        return self.face != BACKGROUND


@dataclass(frozen=True)
class _Faces:
    """Faces that span a pixel centre: pixel box, barycentrics as planes over it, and where each came from."""

    first: Int[Tensor, "kept 2"]
    extent: Int[Tensor, "kept 2"]
    start: Float[Tensor, "kept 3"]
    right: Float[Tensor, "kept 3"]
    down: Float[Tensor, "kept 3"]
    inverse_depth: Float[Tensor, "kept 3"]
    picture: Int[Tensor, "kept"]
    face: Int[Tensor, "kept"]


def rasterise(
    screen: Float[Tensor, "batch vertices 3"],
    faces: Int[Tensor, "faces 3"],
    height: int,
    width: int,
    near: float = 0.05,
    cull_back: bool = False,
) -> Fragments:
    """Nearest face at every pixel centre.

    `screen` holds x and y in pixels and the camera-frame depth z in metres. Faces that reach nearer than
    `near`, and faces without area, are left out; `cull_back` also drops faces seen from behind (for meshes that
    wind as SMPL's), which halves the work and changes nothing for a closed mesh.
    """
    kept = _prepare(screen, faces, height, width, near, cull_back)
    nearest = _nearest(kept, (len(screen), height, width))
    return _resolve(nearest, kept, (len(screen), height, width))


def silhouette(
    screen: Float[Tensor, "batch vertices 3"],
    faces: Int[Tensor, "faces 3"],
    height: int,
    width: int,
    near: float = 0.05,
    cull_back: bool = False,
) -> Bool[Tensor, "batch height width"]:
    """Where any face is seen: `rasterise(...).silhouette`, without asking which face and where on it."""
    kept = _prepare(screen, faces, height, width, near, cull_back)
    return (_nearest(kept, (len(screen), height, width)) != EMPTY).view(len(screen), height, width)


def _nearest(kept: _Faces, shape: tuple[int, int, int]) -> Int[Tensor, " pixels"]:
    """(depth bits, face) of what each pixel of all pictures sees, EMPTY where nothing."""
    nearest = torch.full((math.prod(shape),), EMPTY, device=kept.start.device)
    for chunk in _chunks(kept.extent[:, 1]):
        _scatter(nearest, kept, chunk, *shape[1:])
    return nearest


def _prepare(screen: Tensor, faces: Tensor, height: int, width: int, near: float, cull_back: bool) -> _Faces:
    """Keep the faces that can be seen and set up their planes."""
    corners = screen[:, faces]
    limit = corners.new_tensor([width, height])
    first = (corners[..., :2].amin(-2) - 0.5).ceil().clamp(min=0)
    last = torch.minimum((corners[..., :2].amax(-2) - 0.5).floor(), limit - 1)
    area = _cross(corners[..., 1, :2] - corners[..., 0, :2], corners[..., 2, :2] - corners[..., 0, :2])
    facing = area < 0 if cull_back else area != 0
    keep = facing & (last >= first).all(-1) & (corners[..., 2].amin(-1) > near)
    picture, face = keep.nonzero().unbind(-1)
    corners, first, last, area = corners[keep], first[keep], last[keep], area[keep]
    # Weight i is the area opposite corner i: an edge function, linear in x and y.
    edge = corners[:, [2, 0, 1], :2] - corners[:, [1, 2, 0], :2]
    from_edge = first[:, None] + 0.5 - corners[:, [1, 2, 0], :2]
    return _Faces(
        first=first.long(),
        extent=(last - first + 1).long(),
        start=_cross(edge, from_edge) / area[:, None],
        right=-edge[..., 1] / area[:, None],
        down=edge[..., 0] / area[:, None],
        inverse_depth=1 / corners[..., 2],
        picture=picture,
        face=face,
    )


def _cross(a: Tensor, b: Tensor) -> Tensor:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _chunks(rows: Tensor) -> list[slice]:
    """Runs of faces that together span a bounded number of rows."""
    ends = torch.bincount(rows.cumsum(0) // ROWS_AT_ONCE).cumsum(0).unique().tolist()
    return [slice(start, end) for start, end in pairwise([0, *ends]) if end > start]


def _enumerate(count: Tensor) -> tuple[Tensor, Tensor]:
    """For runs of `count` items each: the run that every item belongs to, and its place in the run."""
    run = torch.repeat_interleave(count)
    return run, torch.arange(len(run), device=run.device) - (count.cumsum(0) - count)[run]


def _scatter(nearest: Tensor, kept: _Faces, chunk: slice, height: int, width: int) -> None:
    """Lower `nearest` to (depth bits, face) of every pixel that these faces cover."""
    face, row = _enumerate(kept.extent[chunk, 1])
    face += chunk.start
    weight = kept.start[face] + row[:, None] * kept.down[face]
    slope = kept.right[face] + 0.0  # a negative zero would turn the infinite bound around
    # The row's pixels inside the face: where all three weights, each linear along the row, are at least zero.
    bound = ((-EDGE_SLACK - weight) / slope).nan_to_num(nan=-torch.inf, posinf=torch.inf, neginf=-torch.inf)
    first = bound.where(slope >= 0, -torch.inf).amax(-1).ceil().clamp(min=0)
    last = bound.where(slope < 0, torch.inf).amin(-1).floor().minimum(kept.extent[face, 0] - 1)
    span, along = _enumerate((last - first + 1).clamp(min=0).long())
    inverse = (weight * kept.inverse_depth[face]).sum(-1)
    inverse_slope = (slope * kept.inverse_depth[face]).sum(-1)
    depth = 1 / (inverse + first * inverse_slope)[span].addcmul(along, inverse_slope[span])
    line = (kept.picture[face] * height + kept.first[face, 1] + row) * width + kept.first[face, 0] + first.long()
    # Positive floats sort like their bits, so one integer orders by depth first and by face second.
    key = (depth.view(torch.int32).long() << 32) | face[span]
    nearest.scatter_reduce_(0, line[span] + along, key, "amin")


def _resolve(nearest: Tensor, kept: _Faces, shape: tuple[int, int, int]) -> Fragments:
    """Fragments out of the winning keys; barycentrics are computed again, for the winners only."""
    pixel = (nearest != EMPTY).nonzero()[:, 0]
    winner = nearest[pixel] & 0xFFFFFFFF
    right = pixel % shape[2] - kept.first[winner, 0]
    down = pixel // shape[2] % shape[1] - kept.first[winner, 1]
    weight = kept.start[winner] + right[:, None] * kept.right[winner] + down[:, None] * kept.down[winner]
    inverse = weight * kept.inverse_depth[winner]
    total = inverse.sum(-1, keepdim=True)
    face = torch.full_like(nearest, BACKGROUND)
    face[pixel] = kept.face[winner]
    barycentric = inverse.new_zeros(len(nearest), 3)
    barycentric[pixel] = inverse / total
    depth = inverse.new_full((len(nearest),), torch.inf)
    depth[pixel] = 1 / total[:, 0]
    return Fragments(face.view(shape), barycentric.view(*shape, 3), depth.view(shape))
