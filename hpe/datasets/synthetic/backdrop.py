"""What is behind the people: rooms and open air, coloured ray by ray."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy.random import Generator

from hpe.datasets.synthetic.camera import Camera
from hpe.datasets.synthetic.light import Light
from hpe.datasets.synthetic.materials import Material, material, sample_colour, sample_material

Rays = Float[np.ndarray, "rays 3"]
Points = Float[np.ndarray, "points 3"]
FLOORS = {"planks": 2.0, "checks": 1.0, "plain": 1.5, "bricks": 0.5}
WALLS = {"plain": 3.0, "bricks": 1.0, "stripes": 0.8, "tartan": 0.3}
UP = np.array([[0.0, 1.0, 0.0]], np.float32)


@dataclass(frozen=True)
class Backdrop:
    """A floor at y = 0 and, beyond it, a wall (`distance` metres ahead in direction `facing`) or a sky."""

    floor: Material
    wall: Material
    facing: Float[np.ndarray, "3"]
    distance: float
    outdoors: bool
    skyline: Float[np.ndarray, "72"]
    panels: Float[np.ndarray, "panels 4"]
    panel_colours: Float[np.ndarray, "panels 3"]

    def floor_points(self, camera: Camera, rays: Rays) -> tuple[Bool[np.ndarray, "rays"], Points]:
        """Which rays meet the floor in front of the wall, and where (world metres)."""
        down = rays[:, 1] < -1e-3
        points = camera.position + rays * (camera.position[1] / -np.where(down, rays[:, 1], -1))[:, None]
        inside = (points - camera.position) @ self.facing < self.distance
        return down & (inside | self.outdoors), points

    def floor_colour(self, points: Points, light: Light, lit: Float[np.ndarray, "points"]) -> Points:
        """RGB of floor points, `lit` where no shadow falls; far away it fades into haze."""
        colour = light.shade(self.floor.colour(points), np.broadcast_to(UP, points.shape), lit)
        haze = np.clip(np.linalg.norm(points, axis=1) / 40 - 0.1, 0, 0.9)[:, None]
        return colour * (1 - haze) + light.sky * haze

    def far_colour(self, camera: Camera, rays: Rays, light: Light) -> Points:
        """RGB of the wall or the sky where these rays meet it."""
        return self._sky(rays, light) if self.outdoors else self._wall(camera, rays, light)

    def _wall(self, camera: Camera, rays: Rays, light: Light) -> Points:
        reach = self.distance / np.clip(rays @ self.facing, 0.05, None)
        points = camera.position + rays * reach[:, None]
        across = np.cross(UP[0], self.facing)
        colour = self.wall.colour(np.stack([points @ across, points[:, 1], np.zeros(len(points))], 1))
        u, v = points @ across, points[:, 1]
        for (left, bottom, width, height), paint in zip(self.panels, self.panel_colours, strict=True):
            framed = (np.abs(u - left) < width + 0.05) & (np.abs(v - bottom) < height + 0.05)
            inside = (np.abs(u - left) < width) & (np.abs(v - bottom) < height)
            colour[framed] = paint * 0.4
            colour[inside] = paint
        colour[v < 0.1] *= 0.6
        return light.shade(colour, np.broadcast_to(-self.facing, points.shape))

    def _sky(self, rays: Rays, light: Light) -> Points:
        unit = rays / np.linalg.norm(rays, axis=1, keepdims=True)
        clouds = np.clip(self.wall.blotches(unit * 0.3), 0, 1)[:, None]
        blue = np.array([0.45, 0.62, 0.88]) + (1 - unit[:, 1:2]) ** 3 * [0.35, 0.25, 0.05]
        colour = blue * (1 - 0.7 * clouds) + 0.7 * clouds
        azimuth = (np.arctan2(unit[:, 0], unit[:, 2]) / (2 * np.pi) % 1) * len(self.skyline)
        roofs = self.skyline[azimuth.astype(int) % len(self.skyline)]
        below = unit[:, 1] < roofs
        facade = np.stack([azimuth * 0.35, unit[:, 1] * 3, np.zeros(len(unit))], 1)[below]
        colour[below] = self.wall.colour(facade) * 0.75
        return colour * (light.sky + light.sun).mean()


def sample_backdrop(rng: Generator, ahead: Float[np.ndarray, "3"]) -> Backdrop:
    """A room (60 %) or open air; `ahead` is the camera's viewing direction."""
    outdoors = rng.random() < 0.4
    flat = ahead * [1, 0, 1]
    facing = flat / np.linalg.norm(flat) + rng.normal(0, 0.25, 3) * [1, 0, 1]
    count = int(rng.integers(0, 6))
    panels = np.stack([rng.uniform(*span, count) for span in ((-4.0, 4.0), (1.0, 2.4), (0.2, 0.8), (0.2, 0.7))], 1)
    hills = np.abs(rng.normal(0, 0.09, 72)) if rng.random() < 0.6 else 0.05 + 0.04 * np.sin(np.arange(72) * 0.17)
    return Backdrop(
        floor=_ground(rng) if outdoors else sample_material(rng, FLOORS, (0.12, 0.6), 0.07, saturation=0.3),
        wall=sample_material(rng, WALLS, (0.08, 0.5), 0.05, saturation=0.35),
        facing=(facing / np.linalg.norm(facing)).astype(np.float32),
        distance=rng.uniform(4.5, 9.0),
        outdoors=outdoors,
        skyline=hills.astype(np.float32),
        panels=panels.astype(np.float32),
        panel_colours=np.array([sample_colour(rng) for _ in range(count)], np.float32).reshape(-1, 3),
    )


def _ground(rng: Generator) -> Material:
    """Grass, sand or asphalt."""
    base = np.array([[0.22, 0.36, 0.12], [0.62, 0.54, 0.40], [0.34, 0.34, 0.35]][rng.integers(3)])
    shades = np.stack([base, base * 0.8]) * rng.uniform(0.8, 1.25)
    return material(rng, shades.astype(np.float32), "plain", 0.5, roughness=0.14)
