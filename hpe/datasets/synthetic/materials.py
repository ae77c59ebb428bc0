"""Solid textures: a colour for every point in space, so that cloth, floors and furniture need no texture maps."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy.random import Generator

Points = Float[np.ndarray, "points 3"]
Weights = Float[np.ndarray, "points"]
WAVES = 6


@dataclass(frozen=True)
class Noise:
    """A smooth random field, mostly between -1 and 1: plane waves of random direction, length and phase."""

    waves: Float[np.ndarray, "waves 3"]
    phases: Float[np.ndarray, "waves"]

    def __call__(self, points: Points) -> Weights:
        """The field's value at each point."""
        return np.sin(points @ self.waves.T + self.phases).sum(-1) * (2.4 / len(self.phases))


def sample_noise(rng: Generator, finest: float, coarsest: float) -> Noise:
    """A random field with features of all widths between `finest` and `coarsest`, in metres."""
    directions = rng.normal(size=(WAVES, 3))
    lengths = _between(finest, coarsest)[:, None] * rng.uniform(0.7, 1.4, (WAVES, 1))
    waves = directions / np.linalg.norm(directions, axis=1, keepdims=True) * 2 * np.pi / lengths
    return Noise(waves.astype(np.float32), rng.uniform(0, 2 * np.pi, WAVES).astype(np.float32))


@cache
def _between(finest: float, coarsest: float) -> Float[np.ndarray, "waves"]:
    """Kept, because numpy takes longer over six numbers than over drawing the rest of the field."""
    return np.geomspace(finest, coarsest, WAVES)


def _plain(cells: Points) -> Weights:
    return np.zeros(len(cells), np.float32)


def _stripes(cells: Points) -> Weights:
    return (cells[:, 1] % 1 < 0.5).astype(np.float32)


def _checks(cells: Points) -> Weights:
    return (np.floor(cells).sum(-1) % 2).astype(np.float32)


def _tartan(cells: Points) -> Weights:
    bands = cells % 1 < 0.35
    return 0.5 * (bands[:, 0].astype(np.float32) + bands[:, 1])


def _dots(cells: Points) -> Weights:
    return (np.square(cells % 1 - 0.5).sum(-1) < 0.09).astype(np.float32)


def _bricks(cells: Points) -> Weights:
    """Courses along y with joints along x and z, each course moved by half a brick."""
    row = np.floor(cells[:, 1])
    along = (cells[:, 0] + cells[:, 2]) / 2 + 0.5 * (row % 2)
    return ((cells[:, 1] % 1 < 0.12) | (along % 1 < 0.06)).astype(np.float32)


def _planks(cells: Points) -> Weights:
    """Boards along z: thin gaps, and a tone of its own for each board."""
    board = np.floor(cells[:, 0])
    tone = 0.5 * (np.sin(board * 12.9898) * 43758.5453 % 1)
    return np.where(cells[:, 0] % 1 < 0.05, 1.0, tone).astype(np.float32)


PATTERNS: dict[str, Callable[[Points], Weights]] = {
    "plain": _plain,
    "stripes": _stripes,
    "checks": _checks,
    "tartan": _tartan,
    "dots": _dots,
    "bricks": _bricks,
    "planks": _planks,
}


@dataclass(frozen=True)
class Material:
    """Two colours (RGB, 0 to 1) mixed by a pattern of `size` metres, with blotches over both."""

    pattern: str
    colours: Float[np.ndarray, "2 3"]
    size: float
    blotches: Noise
    roughness: float

    def colour(self, points: Points) -> Float[np.ndarray, "points 3"]:
        """RGB at points given in metres, in the frame of the thing that is made of it."""
        weight = PATTERNS[self.pattern](points / self.size)[:, None]
        mixed = self.colours[0] * (1 - weight) + self.colours[1] * weight
        return mixed * (1 + self.roughness * self.blotches(points)[:, None])


def sample_colour(rng: Generator, saturation: float = 0.5) -> Float[np.ndarray, "3"]:
    """A random colour as clothes and walls have it: mostly muted, at times vivid."""
    grey = rng.uniform(0.06, 0.92)
    hue = rng.uniform(-1, 1, 3)
    return np.clip(grey + saturation * rng.uniform(0.1, 1) * 0.6 * (hue - hue.mean()), 0.02, 0.98).astype(np.float32)


def sample_material(
    rng: Generator, patterns: dict[str, float], size: tuple[float, float], roughness: float, saturation: float = 0.5
) -> Material:
    """A random material: pattern drawn by weight, size in metres, two colours."""
    names, weights = list(patterns), np.array(list(patterns.values()))
    pattern = str(rng.choice(names, p=weights / weights.sum()))
    colours = np.stack([sample_colour(rng, saturation), sample_colour(rng, saturation)])
    return material(rng, colours, pattern, rng.uniform(*size), roughness)


def material(
    rng: Generator,
    colours: Float[np.ndarray, "2 3"],
    pattern: str = "plain",
    size: float = 0.1,
    roughness: float = 0.06,
) -> Material:
    """A material of given colours with random unevenness."""
    return Material(pattern, colours, float(size), sample_noise(rng, 0.03, 0.6), roughness)
