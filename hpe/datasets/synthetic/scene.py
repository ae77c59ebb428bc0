"""Who and what is in a picture, drawn from a random generator."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.random import Generator
from scipy.spatial.transform import Rotation

from hpe.datasets.synthetic.backdrop import Backdrop, sample_backdrop
from hpe.datasets.synthetic.camera import Camera, look_at
from hpe.datasets.synthetic.light import Light, sample_light
from hpe.datasets.synthetic.objects import Thing, sample_furniture, sample_occluder, sample_seat
from hpe.datasets.synthetic.outfits import sample_outfit
from hpe.datasets.synthetic.people import Figure, Person
from hpe.datasets.synthetic.poses import sample_pose, walking_pose

FAMILY_SHARES = {"standing": 0.25, "reaching": 0.25, "walking": 0.2, "sitting": 0.17, "crouching": 0.13}
FRAMES_PER_SECOND = 15
STEPS_PER_SECOND = 0.95


@dataclass(frozen=True)
class Scene:
    """A picture to be taken. The first of `people` is the subject, whom the labels describe."""

    camera: Camera
    light: Light
    backdrop: Backdrop
    people: tuple[Person, ...]
    things: tuple[Thing, ...]


def sample_still(rng: Generator, figure: Figure, size: int) -> Scene:
    """One picture of `size` pixels a side: any pose family, any heading, 0 to 2 occluders, at times a second person."""
    family = str(rng.choice(list(FAMILY_SHARES), p=list(FAMILY_SHARES.values())))
    person = sample_person(rng, figure, family, ground=np.zeros(2))
    camera = sample_camera(rng, person, size)
    seats = (_seat_under(rng, person, figure),) if family == "sitting" else ()
    return _furnish(rng, figure, camera, person, seats)


def sample_walk(rng: Generator, figure: Figure, size: int, frames: int) -> list[Scene]:
    """`frames` pictures, 15 a second, of one person who walks past a camera that stands still."""
    heading, speed, turn = rng.uniform(-np.pi, np.pi), rng.uniform(0.7, 1.2), rng.normal(0, 0.25)
    phase, lean = rng.uniform(0, 2 * np.pi), rng.uniform(-3, 8)
    betas, outfit = _sample_betas(rng), sample_outfit(rng, figure.landmarks)
    walkers, ground = [], np.zeros(2)
    for frame in range(frames):
        seconds = (frame - (frames - 1) / 2) / FRAMES_PER_SECOND
        yaw = heading + turn * seconds
        pose = walking_pose(phase + 2 * np.pi * STEPS_PER_SECOND * speed * seconds, speed, lean)
        pose[0] = [0, yaw, 0]
        walkers.append(figure.stand(pose, betas, outfit, ground))
        ground = ground + np.array([np.sin(yaw), np.cos(yaw)]) * 1.3 * speed / FRAMES_PER_SECOND
    middle = walkers[frames // 2]
    scene = _furnish(rng, figure, sample_camera(rng, middle, size), middle, ())
    return [Scene(scene.camera, scene.light, scene.backdrop, (one, *scene.people[1:]), scene.things) for one in walkers]


def sample_person(rng: Generator, figure: Figure, family: str, ground: Float[np.ndarray, "2"]) -> Person:
    """A person of random shape, looks and heading in a pose of `family`."""
    if family == "walking":
        pose = walking_pose(rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 1.3), rng.uniform(-3, 10))
    else:
        pose = sample_pose(rng, family)
    tilt = np.deg2rad(rng.normal(0, 4, 2))
    heading = rng.uniform(-np.pi, np.pi)
    pose[0] = (Rotation.from_rotvec([0, heading, 0]) * Rotation.from_rotvec([tilt[0], 0, tilt[1]])).as_rotvec()
    return figure.stand(pose, _sample_betas(rng), sample_outfit(rng, figure.landmarks), ground)


def sample_camera(rng: Generator, person: Person, size: int) -> Camera:
    """A camera 0.5 to 2.2 metres high that shows the person at 60 to 95 % of the picture, one in ten cut off."""
    low, high = person.surface.vertices.min(0), person.surface.vertices.max(0)
    share = rng.uniform(1.05, 1.5) if rng.random() < 0.1 else rng.uniform(0.6, 0.95)
    focal_length = size * rng.uniform(1.2, 2.4)
    distance = focal_length * (high - low).max() / (share * size)
    target = (low + high) / 2 + rng.normal(0, 0.05, 3) * (high - low).max()
    if share > 1:
        target[1] = high[1] - 0.5 * (high - low).max() / share
    height = np.clip(rng.normal(1.3, 0.4), 0.5, 2.2)
    back = np.sqrt(max(distance**2 - (height - target[1]) ** 2, 1.0))
    return look_at(np.array([target[0], height, target[2] - back]), target, rng.normal(0, 0.04), focal_length, size)


def _furnish(rng: Generator, figure: Figure, camera: Camera, person: Person, seats: tuple[Thing, ...]) -> Scene:
    """Everything around the subject."""
    ahead = camera.rotation[2]
    spot, height = person.joints[0], float(np.ptp(person.surface.vertices[:, 1]))
    occluders = [
        sample_occluder(rng, spot, camera.position, height) for _ in range(rng.choice([0, 1, 2], p=[0.5, 0.38, 0.12]))
    ]
    furniture = [sample_furniture(rng, spot, _level(ahead)) for _ in range(rng.integers(0, 4))]
    others = [_bystander(rng, figure, camera, spot)] if rng.random() < 0.1 else []
    backdrop = sample_backdrop(rng, ahead)
    return Scene(camera, sample_light(rng), backdrop, (person, *others), (*seats, *occluders, *furniture))


def _bystander(rng: Generator, figure: Figure, camera: Camera, spot: Float[np.ndarray, "3"]) -> Person:
    """A second person, 0.5 to 1.6 metres aside of the subject and up to a metre nearer or farther."""
    aside = rng.choice([-1, 1]) * rng.uniform(0.5, 1.6)
    place = spot + aside * camera.rotation[0] + rng.uniform(-1, 1) * _level(camera.rotation[2])
    return sample_person(rng, figure, "standing", place[[0, 2]])


def _seat_under(rng: Generator, person: Person, figure: Figure) -> Thing:
    """A seat that carries the pelvis."""
    pelvis = person.surface.vertices[figure.parts == 0]
    lowest = pelvis[pelvis[:, 1].argmin()]
    heading = float(Rotation.from_rotvec(person.pose[0]).as_euler("YXZ")[0])
    return sample_seat(rng, np.maximum(lowest, [-np.inf, 0.1, -np.inf]), heading)


def _level(direction: Float[np.ndarray, "3"]) -> Float[np.ndarray, "3"]:
    flat = direction * [1, 0, 1]
    return flat / np.linalg.norm(flat)


def _sample_betas(rng: Generator) -> Float[np.ndarray, "10"]:
    """Standard normal, cut at 2.2 standard deviations."""
    return np.clip(rng.normal(size=10), -2.2, 2.2).astype(np.float32)
