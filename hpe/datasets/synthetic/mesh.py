"""A surface placed in the world, and many of them in one piece for the rasteriser."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True)
class Mesh:
    """World vertices and unit normals, the material's coordinates of each vertex, and faces that wind outwards."""

    vertices: Float[np.ndarray, "vertices 3"]
    normals: Float[np.ndarray, "vertices 3"]
    coordinates: Float[np.ndarray, "vertices 3"]
    faces: Int[np.ndarray, "faces 3"]


def join(meshes: Sequence[Mesh]) -> tuple[Mesh, Int[np.ndarray, "faces"]]:
    """One mesh out of many, and for each of its faces the number of the mesh that it came from."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    whole = Mesh(
        vertices=np.concatenate([mesh.vertices for mesh in meshes]),
        normals=np.concatenate([mesh.normals for mesh in meshes]),
        coordinates=np.concatenate([mesh.coordinates for mesh in meshes]),
        faces=np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts, strict=True)]),
    )
    return whole, np.repeat(np.arange(len(meshes)), [len(mesh.faces) for mesh in meshes])
