"""Taking the picture: rasterise a scene once, colour what each sample sees, add shadows and a lens."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from jaxtyping import Bool, Float, Int, UInt8
from numpy.random import Generator
from scipy.ndimage import map_coordinates

from hpe.datasets.synthetic.camera import Camera
from hpe.datasets.synthetic.mesh import Mesh, join
from hpe.datasets.synthetic.objects import Thing
from hpe.datasets.synthetic.people import Person
from hpe.datasets.synthetic.scene import Scene
from hpe.joints import joint_set
from hpe.rendering.rasteriser import rasterise, silhouette

SUPERSAMPLING = 2
SHADOW_SIZE, SHADOW_REACH = 128, 4.0
SUBJECT = 0
HIDDEN = 255


@dataclass(frozen=True)
class Photograph:
    """A picture and what only its maker knows.

    `parts` is 0 on the background, 1 + SMPL joint where that part of the subject is seen and HIDDEN (255)
    where something else covers the subject. A joint is `visible` where its pixel is in the picture, nothing
    stands before it, and the skin seen there belongs to its own part, its parent's or a child's.
    """

    rgb: UInt8[np.ndarray, "size size 3"]
    parts: UInt8[np.ndarray, "size size"]
    visible: Bool[np.ndarray, "24"]


@dataclass(frozen=True)
class _Samples:
    """The supersampled picture: its depth, and what is known at those samples that see a solid."""

    depth: Float[np.ndarray, "size size"]
    seen: Bool[np.ndarray, "size size"]
    face: Int[np.ndarray, "seen"]
    owner: Int[np.ndarray, "seen"]
    coordinates: Float[np.ndarray, "seen 3"]
    normals: Float[np.ndarray, "seen 3"]


def photograph(scene: Scene, parts: Int[np.ndarray, "vertices"], rng: Generator) -> Photograph:
    """Take the picture of `scene`; `parts` is the SMPL joint that each vertex of a body belongs to."""
    solids: list[Person | Thing] = [*scene.people, *scene.things]
    meshes = [solid.mesh() for solid in solids]
    whole, owners = join(meshes)
    samples = _look(scene.camera.scaled(SUPERSAMPLING), whole, owners)
    colour = cv2.resize(_background(scene, whole), samples.seen.shape, interpolation=cv2.INTER_LINEAR)
    colour[samples.seen] = _colour(scene, solids, samples)
    labels = _labels(samples, whole, parts)
    camera, subject = scene.camera, meshes[SUBJECT]
    outline = _outline(camera.project(subject.vertices), subject.faces, camera.size)
    visible = _visible_joints(camera, scene.people[SUBJECT].joints, samples.depth, labels)
    return Photograph(_develop(colour, rng), _part_map(labels, outline), visible)


def _look(camera: Camera, mesh: Mesh, owners: Int[np.ndarray, "faces"]) -> _Samples:
    screen = torch.from_numpy(camera.project(mesh.vertices).astype(np.float32))
    fragments = rasterise(screen[None], torch.from_numpy(mesh.faces), camera.size, camera.size, cull_back=True)
    seen = fragments.silhouette[0].numpy()
    face = fragments.face[0].numpy()[seen]
    attributes = np.concatenate([mesh.coordinates, mesh.normals], axis=1)[mesh.faces[face]]
    values = np.einsum("nc,nca->na", fragments.barycentric[0].numpy()[seen], attributes)
    return _Samples(fragments.depth[0].numpy(), seen, face, owners[face], values[:, :3], values[:, 3:])


def _colour(scene: Scene, solids: list[Person | Thing], samples: _Samples) -> Float[np.ndarray, "seen 3"]:
    """Paint and light of every solid where it is seen."""
    colour = np.empty_like(samples.normals)
    for number, solid in enumerate(solids):
        own = samples.owner == number
        colour[own] = solid.colour(samples.coordinates[own])
    return scene.light.shade(colour, samples.normals)


def _background(scene: Scene, whole: Mesh) -> Float[np.ndarray, "size size 3"]:
    """Floor with shadows, and wall or sky. Soft as it is, it needs no supersampling."""
    camera = scene.camera
    rays = camera.rays().reshape(-1, 3)
    on_floor, points = scene.backdrop.floor_points(camera, rays)
    colour = np.empty_like(rays)
    lit = 1 - _shadow(scene, whole, points[on_floor])
    colour[on_floor] = scene.backdrop.floor_colour(points[on_floor], scene.light, lit)
    colour[~on_floor] = scene.backdrop.far_colour(camera, rays[~on_floor], scene.light)
    return colour.reshape(camera.size, camera.size, 3)


def _shadow(scene: Scene, whole: Mesh, points: Float[np.ndarray, "points 3"]) -> Float[np.ndarray, "points"]:
    """How much of the lamp the solids take away from points of the floor: their outlines along the light, blurred."""
    scale = SHADOW_SIZE / (2 * SHADOW_REACH)
    middle = scene.people[SUBJECT].joints[0]
    fallen = whole.vertices - scene.light.direction * (whole.vertices[:, 1:2] / scene.light.direction[1])
    flat = (fallen[:, [0, 2]] - middle[[0, 2]]) * scale + SHADOW_SIZE / 2
    outline = _outline(np.concatenate([flat, np.ones_like(flat[:, :1])], 1), whole.faces, SHADOW_SIZE)
    soft = cv2.GaussianBlur(outline.astype(np.float32), (0, 0), 0.8)
    place = (points[:, [2, 0]] - middle[[2, 0]]) * scale + SHADOW_SIZE / 2 - 0.5
    return map_coordinates(soft, place.T, order=1, cval=0.0)


def _outline(
    screen: Float[np.ndarray, "vertices 3"], faces: Int[np.ndarray, "faces 3"], size: int
) -> Bool[np.ndarray, "size size"]:
    points = torch.from_numpy(screen.astype(np.float32))
    # Of closed surfaces either half has the whole outline.
    return silhouette(points[None], torch.from_numpy(faces), size, size, cull_back=True)[0].numpy()


def _labels(samples: _Samples, whole: Mesh, parts: Int[np.ndarray, "vertices"]) -> Int[np.ndarray, "size size"]:
    """1 + part of the subject that each sample sees, 0 elsewhere; a face has the part of its first corner."""
    subject = samples.owner == SUBJECT
    values = np.zeros(len(subject), np.int64)
    values[subject] = 1 + parts[whole.faces[samples.face[subject], 0]]
    labels = np.zeros(samples.seen.shape, np.int64)
    labels[samples.seen] = values
    return labels


def _part_map(
    labels: Int[np.ndarray, "large large"], outline: Bool[np.ndarray, "size size"]
) -> UInt8[np.ndarray, "size size"]:
    """Labels at the picture's own resolution; what the subject's whole outline has and they lack is HIDDEN."""
    half = SUPERSAMPLING // 2
    seen = labels[half::SUPERSAMPLING, half::SUPERSAMPLING]
    return np.where((seen == 0) & outline, HIDDEN, seen).astype(np.uint8)


def _visible_joints(
    camera: Camera,
    joints: Float[np.ndarray, "24 3"],
    depth: Float[np.ndarray, "large large"],
    labels: Int[np.ndarray, "large large"],
) -> Bool[np.ndarray, "24"]:
    screen = camera.project(joints)
    place = np.floor(screen[:, :2] * SUPERSAMPLING).astype(int)
    inside = ((place >= 0) & (place < len(labels))).all(1)
    column, row = place.clip(0, len(labels) - 1).T
    free = depth[row, column] > screen[:, 2]
    return inside & (free | _related()[np.arange(24), labels[row, column]])


def _related() -> Bool[np.ndarray, "24 25"]:
    """Which part labels may cover a joint without hiding it: its own, its parent's and its children's."""
    related = np.zeros((24, 25), bool)
    for joint, parent in enumerate(joint_set("smpl_24").parents or ()):
        related[joint, 1 + joint] = True
        if parent >= 0:
            related[joint, 1 + parent] = related[parent, 1 + joint] = True
    return related


def _develop(colour: Float[np.ndarray, "large large 3"], rng: Generator) -> UInt8[np.ndarray, "size size 3"]:
    """Lens and sensor: exposure, white balance, sometimes a little blur, vignette, noise."""
    size = len(colour) // SUPERSAMPLING
    picture = cv2.resize(colour, (size, size), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 0.8))
    picture = picture * rng.uniform(0.8, 1.3) * rng.uniform(0.93, 1.07, 3)
    axis = np.linspace(-1, 1, size)
    picture = picture * (1 - rng.uniform(0, 0.25) * (axis[:, None] ** 2 + axis**2) / 2)[..., None]
    # Display encoding brightens the middle tones as cameras do.
    picture = np.clip(picture, 0, 1) ** 0.8 + rng.normal(0, rng.uniform(0.002, 0.015), picture.shape)
    return (np.clip(picture, 0, 1) * 255).round().astype(np.uint8)
