"""The usual way of the field to load a person, as training code since HMR and SPIN does it: what the loader is held
against. The whole picture is decoded into floating point, cut with NumPy, turned and resized by scikit-image, and
joints are moved one by one. Written for this comparison, from descriptions of those loaders.
"""

from pathlib import Path

import cv2
import numpy as np
import torch
from skimage.transform import resize, rotate

from hpe.datasets.augmentation import Augmentation
from hpe.datasets.store import Store
from hpe.joints import joint_set
from hpe.types import Batch


def legacy_batch(
    store: Store, rows: list[int], augmentation: Augmentation, resolution: int, mean: np.ndarray, std: np.ndarray
) -> Batch:
    """The people of these rows: samples made one after another, then stacked."""
    rng = np.random.default_rng(0)
    return Batch.stack([_sample(store, row, augmentation, resolution, mean, std, rng) for row in rows])


def _sample(
    store: Store,
    row: int,
    augmentation: Augmentation,
    resolution: int,
    mean: np.ndarray,
    std: np.ndarray,
    rng: np.random.Generator,
) -> Batch:
    x, y, width, height = store["box"][row]
    centre, scale = np.array([x + width / 2, y + height / 2]), 1.2 * max(width, height) / 200
    flip, turn, gain, zoom = _drawn(augmentation, rng)
    stored = cv2.imread(str(Path(store.image_root) / store["image"][row]), cv2.IMREAD_COLOR)
    picture = np.asarray(stored)[:, :, ::-1].copy().astype(np.float32)
    crop = cut(picture, centre, scale * zoom, resolution, turn)
    crop = np.fliplr(crop) if flip else crop
    crop = np.clip(crop * gain, 0, 255).transpose(2, 0, 1) / 255
    image = (torch.from_numpy(crop).float() - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    pose, joints3d = store["pose"][row].copy(), store["joints3d"][row].copy()
    turned = cv2.Rodrigues(np.array([0, 0, -np.deg2rad(turn)]))[0]
    pose[:3] = cv2.Rodrigues(turned @ cv2.Rodrigues(pose[:3].astype(np.float64))[0])[0][:, 0]
    joints2d = store["joints2d"][row].copy()
    for joint in range(len(joints2d)):
        joints2d[joint] = moved(joints2d[joint], centre, scale * zoom, resolution, turn)
        joints3d[joint] = turned @ joints3d[joint]
    joints2d = 2 * joints2d / resolution - 1
    if flip:
        order = list(joint_set("smpl_24").flip)
        joints2d, joints3d = joints2d[order] * [-1, 1], joints3d[order] * [-1, 1, 1]
    return Batch(
        image=image.float(),
        sample=torch.tensor(row),
        crop=torch.tensor([*centre, 200 * scale * zoom]).float(),
        image_size=torch.from_numpy(store["image_size"][row]),
        joints2d=torch.from_numpy(joints2d).float(),
        confidence2d=torch.from_numpy(store["confidence2d"][row]),
        joints3d=torch.from_numpy(joints3d).float(),
        confidence3d=torch.from_numpy(store["confidence3d"][row]),
        rotmats=torch.from_numpy(np.stack([cv2.Rodrigues(one)[0] for one in pose.reshape(24, 3).astype(np.float64)])),
        betas=torch.from_numpy(store["betas"][row]),
        has_smpl=torch.tensor(True),
    )


def _drawn(augmentation: Augmentation, rng: np.random.Generator) -> tuple[bool, float, np.ndarray, float]:
    """Whether to mirror, degrees, a factor for each channel, and one for the crop's side."""
    flip = rng.random() < augmentation.flip_probability
    turn = rng.normal() * augmentation.rotation_deviation if rng.random() < augmentation.rotation_probability else 0.0
    gain = rng.uniform(1 - augmentation.colour_gain, 1 + augmentation.colour_gain, 3)
    return flip, turn, gain, 1 + np.clip(rng.normal(), -1, 1) * augmentation.scale_deviation


def moved(point: np.ndarray, centre: np.ndarray, scale: float, resolution: int, turn: float) -> np.ndarray:
    """A point of the picture in pixels of the crop, by matrices built for it alone."""
    side = 200 * scale
    matrix = np.eye(3)
    matrix[0, 0] = matrix[1, 1] = resolution / side
    matrix[:2, 2] = resolution * (0.5 - centre / side)
    if turn:
        there, back, spin = np.eye(3), np.eye(3), np.eye(3)
        cosine, sine = np.cos(-np.deg2rad(turn)), np.sin(-np.deg2rad(turn))
        there[:2, 2], back[:2, 2] = -resolution / 2, resolution / 2
        spin[:2, :2] = [[cosine, -sine], [sine, cosine]]
        matrix = back @ spin @ there @ matrix
    return (matrix @ [*point, 1.0])[:2]


def cut(picture: np.ndarray, centre: np.ndarray, scale: float, resolution: int, turn: float) -> np.ndarray:
    """The square around `centre`, from whole pixel to whole pixel, turned counter-clockwise and brought to size."""
    low, high = (np.trunc(centre + sign * 100 * scale).astype(int) for sign in (-1, 1))
    padding = int(np.ceil(0.21 * max(high - low))) if turn else 0
    low, high = low - padding, high + padding
    window = np.zeros((*(high - low)[::-1], 3), np.float32)
    inner_low, inner_high = np.clip(low, 0, picture.shape[1::-1]), np.clip(high, 0, picture.shape[1::-1])
    place = np.s_[inner_low[1] - low[1] : inner_high[1] - low[1], inner_low[0] - low[0] : inner_high[0] - low[0]]
    window[place] = picture[inner_low[1] : inner_high[1], inner_low[0] : inner_high[0]]
    if turn:
        window = rotate(window, turn)[padding:-padding, padding:-padding]
    return resize(window, (resolution, resolution))
