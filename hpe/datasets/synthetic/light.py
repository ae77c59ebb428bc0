"""Sun and sky: how a surface of given colour and normal looks."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.random import Generator


@dataclass(frozen=True)
class Light:
    """A directional lamp (unit vector towards it, world frame) and a hemisphere of ambient light, both RGB."""

    direction: Float[np.ndarray, "3"]
    sun: Float[np.ndarray, "3"]
    sky: Float[np.ndarray, "3"]
    ground: Float[np.ndarray, "3"]

    def shade(
        self,
        colour: Float[np.ndarray, "points 3"],
        normals: Float[np.ndarray, "points 3"],
        lit: Float[np.ndarray, "points"] | float = 1.0,
    ) -> Float[np.ndarray, "points 3"]:
        """Reflected light of matt surfaces; `lit` is the share of the lamp that no shadow takes away."""
        diffuse = np.clip(normals @ self.direction, 0, None) * lit
        upward = (normals[:, 1:2] + 1) / 2
        ambient = self.sky * upward + self.ground * (1 - upward)
        return colour * (ambient + self.sun * diffuse[:, None])


def sample_light(rng: Generator) -> Light:
    """A lamp 25 to 75 degrees high, from warm to cool, against more or less ambient light."""
    height, azimuth = np.deg2rad(rng.uniform(25, 75)), rng.uniform(0, 2 * np.pi)
    direction = np.array(
        [np.cos(height) * np.cos(azimuth), np.sin(height), np.cos(height) * np.sin(azimuth)], np.float32
    )
    warmth = rng.uniform(-0.12, 0.12)
    tint = np.array([1 + warmth, 1.0, 1 - warmth], np.float32)
    share = rng.uniform(0.35, 0.75)
    sky = (1.15 * (1 - share)) * tint[::-1]
    return Light(direction, 1.15 * share * tint, sky, 0.55 * sky)
