"""What people wear: skin, hair, face, top, bottom and shoes, decided point by point on the rest-pose surface."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy.random import Generator

from hpe.datasets.synthetic.materials import Material, material, sample_colour, sample_material

Point = Float[np.ndarray, "3"]
Points = Float[np.ndarray, "points 3"]
CLOTH = {"plain": 3.0, "stripes": 1.5, "checks": 0.5, "tartan": 0.8, "dots": 0.4}
SKIN = np.array([[0.95, 0.78, 0.66], [0.86, 0.65, 0.50], [0.68, 0.47, 0.33], [0.45, 0.29, 0.19], [0.28, 0.18, 0.13]])
HAIR = np.array([[0.07, 0.05, 0.04], [0.20, 0.12, 0.07], [0.42, 0.27, 0.14], [0.72, 0.56, 0.32], [0.62, 0.60, 0.58]])


@dataclass(frozen=True)
class Landmarks:
    """Where the parts of the average body are in the rest pose (T-pose, y up, facing z; metres)."""

    neck: float
    shoulder: float
    elbow: float
    wrist: float
    hip: float
    knee: float
    ankle: float
    foot: float
    nose: Point
    eye: Point
    ear: Point

    @staticmethod
    def of(joints: Float[np.ndarray, "24 3"], nose: Point, eye: Point, ear: Point) -> "Landmarks":
        """From SMPL's rest joints and the points of the nose, an eye and an ear on the left."""
        return Landmarks(
            neck=float(joints[12, 1]),
            shoulder=float(joints[16, 0]),
            elbow=float(joints[18, 0]),
            wrist=float(joints[20, 0]),
            hip=float(joints[1, 1]),
            knee=float(joints[4, 1]),
            ankle=float(joints[7, 1]),
            foot=float(joints[10, 1]),
            nose=nose,
            eye=eye,
            ear=ear,
        )


@dataclass(frozen=True)
class Outfit:
    """One person's looks. Lengths are rest-pose coordinates in metres: `sleeve` along x, the others along y."""

    skin: Material
    hair: Material
    top: Material
    bottom: Material
    shoes: Material
    belt: Point
    print_colour: Point
    sleeve: float
    waist: float
    leg: float
    neckline: float
    hair_length: float
    fringe: float
    print_size: float

    def colour(self, points: Points, body: Landmarks) -> Points:
        """RGB at rest-pose points on the surface."""
        x, y = np.abs(points[:, 0]), points[:, 1]
        colour = self.skin.colour(points)
        dressed = (y < self._collar(points, body)) & (x < self.sleeve) & (y > self.waist)
        trousers = (y <= self.waist) & (y > self.leg) & (x < body.shoulder + 0.1)
        shod = y < body.ankle + 0.02
        for where, surface in ((dressed, self.top), (trousers, self.bottom), (shod, self.shoes)):
            colour[where] = surface.colour(points[where])
        colour[np.abs(y - self.waist) < 0.018] = self.belt
        logo = dressed & (points[:, 2] > 0) & (np.hypot(x, y - body.neck + 0.2) < self.print_size)
        colour[logo] = self.print_colour
        self._face(colour, points, body)
        return colour

    def _collar(self, points: Points, body: Landmarks) -> Float[np.ndarray, "points"]:
        """The neckline: round the neck, lower in front."""
        front = np.clip(points[:, 2] - body.ear[2], 0, None) / 0.1
        return body.neck + 0.02 - self.neckline * front * np.clip(1 - np.abs(points[:, 0]) / 0.11, 0, 1)

    def _face(self, colour: Points, points: Points, body: Landmarks) -> None:
        """Paint hair, brows, eyes and mouth over the skin of the head."""
        x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
        head = (y > body.neck + 0.03) & (x < 0.2)
        front = z > body.eye[2] - 0.07
        eye_height, side = body.eye[1], np.abs(body.eye[0])
        colour[head & _near(x - side, y - eye_height, 0.016, 0.009) & front] = 0.92
        colour[head & _near(x - side, y - eye_height, 0.007, 0.009) & front] = 0.08
        colour[head & _near(x - side, y - eye_height - 0.022, 0.02, 0.005) & front] *= 0.45
        mouth = body.nose[1] - 0.036
        colour[head & _near(x, y - mouth, 0.026, 0.007) & front] *= np.array([0.85, 0.45, 0.45])
        scalp = (y > eye_height + self.fringe) | ((z < body.ear[2] + 0.012) & (y > self.hair_length))
        hairy = scalp & (x < 0.2) & (y > body.neck - 0.06) & ((z < body.ear[2]) | head)
        colour[hairy] = self.hair.colour(points[hairy])


def _near(dx: Float[np.ndarray, "n"], dy: Float[np.ndarray, "n"], width: float, height: float) -> Bool[np.ndarray, "n"]:
    return np.square(dx / width) + np.square(dy / height) < 1


def sample_outfit(rng: Generator, body: Landmarks) -> Outfit:
    """Random looks: sleeveless to long sleeves, shorts to trousers, short to long hair, plain or patterned cloth."""
    skin = _between(rng, SKIN) * rng.uniform(0.92, 1.08)
    hair = _between(rng, HAIR) if rng.random() < 0.93 else sample_colour(rng)
    sleeve = rng.choice([body.shoulder + 0.01, 0.5 * (body.shoulder + body.elbow), body.elbow, body.wrist - 0.02])
    leg = rng.choice([0.45 * body.hip + 0.55 * body.knee, body.knee - 0.05, body.ankle + 0.04, body.ankle])
    return Outfit(
        skin=material(rng, np.stack([skin, skin]), roughness=0.03),
        hair=material(rng, np.stack([hair, hair * 0.7]), "stripes", 0.01, roughness=0.15),
        top=sample_material(rng, CLOTH, (0.02, 0.12), 0.06, saturation=0.8),
        bottom=sample_material(rng, {"plain": 6.0, "tartan": 0.5, "stripes": 0.4}, (0.02, 0.1), 0.08),
        shoes=sample_material(rng, {"plain": 1.0, "stripes": 0.5}, (0.02, 0.05), 0.05),
        belt=sample_colour(rng) * 0.5,
        print_colour=sample_colour(rng, 0.9),
        sleeve=float(sleeve),
        waist=body.hip + rng.uniform(0.03, 0.16),
        leg=float(leg + rng.uniform(-0.02, 0.04)),
        neckline=rng.uniform(0.0, 0.12),
        hair_length=float(body.eye[1] - rng.choice([0.02, 0.08, 0.16, 0.24])),
        fringe=float(rng.choice([0.035, 0.055, 0.075, 0.3], p=[0.3, 0.4, 0.25, 0.05])),
        print_size=float(rng.choice([0.0, 0.05, 0.09], p=[0.6, 0.2, 0.2])),
    )


def _between(rng: Generator, palette: Float[np.ndarray, "tones 3"]) -> Float[np.ndarray, "3"]:
    """A tone between two neighbours of a palette."""
    tone, share = rng.integers(len(palette) - 1), rng.random()
    return (palette[tone] * (1 - share) + palette[tone + 1] * share).astype(np.float32)
