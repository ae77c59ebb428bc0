"""A contact sheet of random people: the crop with its 2D joints, and beside it the labelled mesh."""

import os
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from hpe.bodies.body import Body
from hpe.datasets.doctor.landmarks import Landmarks
from hpe.datasets.doctor.mesh import draw_labelled_mesh
from hpe.datasets.images import UnreadableImage, read_image
from hpe.datasets.store import Store
from hpe.geometry.crops import crop_affine, pixel_affine, square_crop, transform_points
from hpe.joints import JointSet, joint_set
from hpe.rendering.overlay import contact_sheet, save_picture

SIZE, SAMPLES, ACROSS, MARGIN = 256, 10, 5, 1.2
# RGB, told apart by the colour-blind too.
LEFT, RIGHT, MIDDLE, INK = (255, 140, 0), (0, 150, 255), (255, 255, 255), (0, 0, 0)
# Drawn where a joint set has no tree.
LIMBS = (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))

Picture = UInt8[np.ndarray, "height width 3"]


def draw_sheet(store: Store, bodies: Mapping[str, Body], seed: int = 0) -> Path:
    """Draw ten random people into `<split>.check.png` beside the store, whole or not at all, and return its path.

    `bodies` by gender are those that the poses are of; without them there is no mesh.
    """
    generator = np.random.default_rng(seed)
    rows = np.sort(generator.choice(len(store), min(SAMPLES, len(store)), replace=False)).tolist()
    tiles = [tile for row in rows for tile in _tiles(store, row, bodies)]
    across = min(ACROSS if len(tiles) == len(rows) else 2 * (ACROSS // 2), len(tiles))
    tiles += [np.full((SIZE, SIZE, 3), 255, np.uint8)] * (-len(tiles) % across)
    path = store.path.with_name(f"{store.split}.check.png")
    unfinished = path.with_name(f".{os.getpid()}.{path.name}")
    save_picture(unfinished, contact_sheet([tiles[start : start + across] for start in range(0, len(tiles), across)]))
    return unfinished.replace(path)


def _tiles(store: Store, row: int, bodies: Mapping[str, Body]) -> list[Picture]:
    affine = crop_affine(square_crop(store["box"][row], MARGIN))
    crop = _crop(store, row, affine)
    known = bool(store["confidence2d"][row].any()) if "confidence2d" in store else False
    about = f"person {store['person'][row]}, frame {store['frame'][row]}{'' if known else ', no joints'}"
    drawn = _captioned(_with_joints(crop, store, row, affine), f"row {row}  {store['sequence'][row]}", about)
    if not bodies or "pose" not in store:
        return [drawn]
    mesh = draw_labelled_mesh(store, row, bodies, crop, affine)
    return [drawn, _captioned(crop, "no mesh") if mesh is None else mesh]


def _crop(store: Store, row: int, affine: Float[np.ndarray, "2 3"]) -> Picture:
    """The person's crop; grey where the picture cannot be read."""
    try:
        picture = read_image(store.image_root / str(store["image"][row]))
    except UnreadableImage:
        return np.full((SIZE, SIZE, 3), 128, np.uint8)
    return cv2.warpAffine(picture, pixel_affine(affine, SIZE), (SIZE, SIZE), flags=cv2.INTER_LINEAR)


def _with_joints(crop: Picture, store: Store, row: int, affine: Float[np.ndarray, "2 3"]) -> Picture:
    """Bones and joints over the crop, the body's left orange and its right blue."""
    drawn, joints = crop.copy(), joint_set(store.joint_set)
    if "joints2d" not in store:
        return drawn
    points = Landmarks.of(store, "joints2d")
    places = (transform_points(affine, points.joints[row]) + 1) * SIZE / 2
    for child, parent in _bones(joints, points):
        if np.isfinite(places[[child, parent]]).all():
            cv2.line(drawn, _pixels(places[parent]), _pixels(places[child]), _colour(joints, child), 1, cv2.LINE_AA)
    for joint, place in enumerate(places):
        if np.isfinite(place).all():
            cv2.circle(drawn, _pixels(place), 3, _colour(joints, joint), cv2.FILLED, cv2.LINE_AA)
    return drawn


def _bones(joints: JointSet, points: Landmarks) -> list[tuple[int, int]]:
    """Lower and upper end; of a set without a tree, those of arms and legs."""
    if joints.parents:
        return [(child, parent) for child, parent in enumerate(joints.parents) if parent >= 0]
    pairs = [pair for upper, lower in LIMBS for pair in zip(points.places(lower), points.places(upper), strict=True)]
    return [(child, parent) for child, parent in pairs if child is not None and parent is not None]


def _pixels(place: Float[np.ndarray, "2"]) -> tuple[int, int]:
    x, y = np.clip(place, -SIZE, 2 * SIZE).round().astype(int).tolist()
    return x, y


def _colour(joints: JointSet, joint: int) -> tuple[int, int, int]:
    name = joints.names[joint]
    return LEFT if name.startswith("left_") else RIGHT if name.startswith("right_") else MIDDLE


def _captioned(crop: Picture, text: str, about: str = "") -> Picture:
    captioned = crop.copy()
    words = [
        (text, INK, (5, 13)),
        (text, MIDDLE, (4, 12)),
        ("left", LEFT, (4, SIZE - 6)),
        ("right", RIGHT, (34, SIZE - 6)),
        (about, INK, (77, SIZE - 5)),
        (about, MIDDLE, (76, SIZE - 6)),
    ]
    for word, colour, place in words:
        cv2.putText(captioned, word, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv2.LINE_AA)
    return captioned
