"""Sequence files and pictures of 3DPW as its authors lay them out."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy.spatial.transform import Rotation

FRAMES, WIDTH, HEIGHT = 4, 108, 192
INTRINSICS = np.array([[190.0, 0, WIDTH / 2], [0, 200, HEIGHT / 2], [0, 0, 1]])


def sequence(name: str, actors: int, frames: int = FRAMES) -> dict[str, Any]:
    """One sequence: actors about 4 m in front of a moving camera; the last frame of everybody is not trusted."""
    random = np.random.default_rng(sum(map(ord, name)))
    camera = np.tile(np.eye(4), (frames, 1, 1))
    camera[:, :3, :3] = Rotation.random(frames, random).as_matrix()
    camera[:, :3, 3] = random.normal(size=(frames, 3))
    seen = random.normal((0, 0, 4), 0.3, (actors, frames, 24, 3))
    world = (seen - camera[:, None, :3, 3]) @ camera[:, :3, :3]
    detected = random.uniform(20, 90, (actors, frames, 3, 18))
    detected[:, :, 2] = random.random((actors, frames, 18)) < 0.9
    return {
        "sequence": name,
        "genders": ["m", "f"][:actors],
        "betas": [random.normal(size=10 + 290 * actor) for actor in range(actors)],
        "poses": list(random.normal(0, 0.5, (actors, frames, 72))),
        "trans": list(random.normal(size=(actors, frames, 3))),
        "poses_60Hz": list(np.zeros((actors, 2 * frames, 72))),
        "trans_60Hz": list(np.zeros((actors, 2 * frames, 3))),
        "img_frame_ids": np.arange(frames) * 2,
        "jointPositions": list(world.reshape(actors, frames, 72)),
        "poses2d": list(detected),
        "cam_poses": camera,
        "cam_intrinsics": INTRINSICS,
        "campose_valid": list(np.tile(np.arange(frames) < frames - 1, (actors, 1)).astype(int)),
        "texture_maps": None,
    }


def write(folder: Path, split: str, content: dict[str, Any]) -> Path:
    """The sequence's pickle and pictures where the official archives have them."""
    path = folder / f"sequenceFiles/{split}/{content['sequence']}.pkl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(content, protocol=2))
    pictures = folder / "imageFiles" / content["sequence"]
    pictures.mkdir(parents=True, exist_ok=True)
    for frame in range(len(content["cam_poses"])):
        Image.new("RGB", (WIDTH, HEIGHT)).save(pictures / f"image_{frame:05}.jpg")
    return path
