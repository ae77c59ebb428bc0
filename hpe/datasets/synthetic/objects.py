"""Furniture and occluders: superellipsoids, so that boxes, drums, posts and balls share one mesh."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy.random import Generator
from scipy.spatial.transform import Rotation

from hpe.datasets.synthetic.materials import Material, sample_material
from hpe.datasets.synthetic.mesh import Mesh

RINGS, SECTORS = 14, 24
MATERIALS = {"plain": 3.0, "planks": 1.5, "stripes": 0.7, "checks": 0.5, "bricks": 0.5, "dots": 0.3}


@dataclass(frozen=True)
class Thing:
    """A superellipsoid: half axes in metres, roundness (0.1 sharp edges, 1 round) of outline and of profile."""

    centre: Float[np.ndarray, "3"]
    half: Float[np.ndarray, "3"]
    outline: float
    profile: float
    heading: float
    material: Material

    def mesh(self) -> "Mesh":
        """The surface in the world; its material is laid on in its own frame."""
        turn = Rotation.from_rotvec([0, self.heading, 0]).as_matrix().T.astype(np.float32)
        local = _surface(self.profile, self.outline) * self.half
        normals = _surface(2 - self.profile, 2 - self.outline) / self.half
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        return Mesh(local @ turn + self.centre, normals @ turn, local, FACES)

    def colour(self, points: Float[np.ndarray, "points 3"]) -> Float[np.ndarray, "points 3"]:
        """RGB at points of its own frame."""
        return self.material.colour(points)


def _surface(profile: float, outline: float) -> Float[np.ndarray, "vertices 3"]:
    """Unit superellipsoid: powers of sines and cosines (Barr, Superquadrics, 1981); with 2 - e it gives normals."""
    polar = np.linspace(-np.pi / 2, np.pi / 2, RINGS)[:, None]
    around = np.arange(SECTORS)[None] * (2 * np.pi / SECTORS)
    flat = _power(np.cos(polar), profile)
    x, z = flat * _power(np.cos(around), outline), flat * _power(np.sin(around), outline)
    y = _power(np.sin(polar), profile) * np.ones_like(around)
    return np.stack([x, y, z], axis=-1).reshape(-1, 3).astype(np.float32)


def _power(value: Float[np.ndarray, "..."], exponent: float) -> Float[np.ndarray, "..."]:
    return np.sign(value) * np.abs(value) ** exponent


def _faces() -> Int[np.ndarray, "faces 3"]:
    """Triangles that wind outwards."""
    ring, sector = (grid.ravel() for grid in np.mgrid[: RINGS - 1, :SECTORS])
    a, b = ring * SECTORS + sector, ring * SECTORS + (sector + 1) % SECTORS
    return np.concatenate([np.stack([a, a + SECTORS, b], 1), np.stack([b, a + SECTORS, b + SECTORS], 1)])


FACES = _faces()


def sample_occluder(
    rng: Generator, person: Float[np.ndarray, "3"], camera: Float[np.ndarray, "3"], height: float
) -> Thing:
    """Something between the camera and a person of `height` metres who stands at `person` on the floor.

    It stands at 45 to 80 % of the way to the person, about a sixth of the person's height beside the line of sight.
    Seen from the camera it is 8 to 30 % as wide, and 12 to 60 % as high, as the person is tall.
    """
    share = rng.uniform(0.45, 0.8)
    sight = (person - camera) * [1, 0, 1]
    across = np.cross(sight / np.linalg.norm(sight), [0.0, 1.0, 0.0])
    ground = camera * [1, 0, 1] + share * sight + across * rng.normal(0, 0.17 * height * share)
    half = share * height * rng.uniform(0.04, 0.15, 3)
    half[1] = share * height * rng.uniform(0.06, 0.3)
    # A thing that stands must reach into the view; one that hangs covers heads and shoulders.
    eye = camera[1] + share * (height * rng.uniform(0.1, 0.9) - camera[1])
    lift = eye if rng.random() < 0.6 else half[1]
    return _thing(rng, ground + np.array([0, lift, 0]), half)


def sample_furniture(rng: Generator, person: Float[np.ndarray, "3"], away: Float[np.ndarray, "3"]) -> Thing:
    """Something on the floor 0.9 to 3 metres from the person, to the sides or behind (direction `away`)."""
    turn = Rotation.from_rotvec([0, rng.uniform(-1.4, 1.4), 0]).as_matrix()
    half = rng.uniform([0.12, 0.15, 0.12], [0.6, 0.8, 0.5])
    ground = (person + turn @ away * rng.uniform(0.9, 3.0)) * [1, 0, 1]
    return _thing(rng, ground + np.array([0, half[1], 0]), half)


def sample_seat(rng: Generator, underneath: Float[np.ndarray, "3"], heading: float) -> Thing:
    """A stool or a box whose top is at the point `underneath` (metres) and that stands on the floor."""
    half = np.array([rng.uniform(0.18, 0.35), underneath[1] / 2, rng.uniform(0.16, 0.24)])
    outline = float(rng.choice([0.15, 1.0]))
    return Thing(
        _single(underneath * [1, 0.5, 1]),
        _single(half),
        outline,
        0.12,
        heading,
        sample_material(rng, MATERIALS, (0.05, 0.3), 0.07),
    )


def _thing(rng: Generator, centre: Float[np.ndarray, "3"], half: Float[np.ndarray, "3"]) -> Thing:
    outline, profile = float(rng.choice([0.12, 0.12, 1.0])), float(rng.choice([0.12, 0.12, 0.35, 1.0]))
    surface = sample_material(rng, MATERIALS, (0.04, 0.35), 0.08)
    return Thing(_single(centre), _single(half), outline, profile, rng.uniform(-np.pi, np.pi), surface)


def _single(values: Float[np.ndarray, "3"]) -> Float[np.ndarray, "3"]:
    return values.astype(np.float32)
