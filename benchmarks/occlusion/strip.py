"""One row of pictures of a person: crop, mesh over it, mean heat, and the mesh under the most harmful patch."""

from dataclasses import replace

import cv2
import numpy as np
import torch
from jaxtyping import Int, UInt8

from benchmarks.occlusion.heat import at_pixels, levels
from benchmarks.occlusion.heat_pictures import SIZE, heated
from benchmarks.occlusion.lettering import lettered
from benchmarks.occlusion.sliding import Maps, Patch, occluded
from benchmarks.occlusion.subjects import Subject
from hpe.estimator import Estimator
from hpe.geometry.cameras import crop_translation
from hpe.rendering.overlay import contact_sheet, draw_mesh
from hpe.runs.pictures import crop_pixels
from hpe.types import Batch

WHITE = (255, 255, 255)
Picture = UInt8[np.ndarray, "size size 3"]


@torch.inference_mode()
def strip(system: Estimator, subject: Subject, patch: Patch, maps: Maps) -> UInt8[np.ndarray, "height width 3"]:
    """The row, for the mean over joints of MPJPE."""
    mean = maps.mpjpe.mean(-1, keepdims=True)
    worst = patch.windows[[mean.argmax()]]
    harmed = replace(subject.batch, image=occluded(subject.batch.image[0], worst, patch.fill))
    (crop,) = crop_pixels(system, subject.batch, SIZE)
    heat = levels(at_pixels(mean, patch, SIZE)[..., 0], mean.min(), mean.max())
    pictures = {
        "picture": crop,
        f"prediction: {maps.clean_mpjpe.mean():.0f} mm": _with_mesh(system, subject.batch),
        f"by place of the patch: {mean.min():.0f} to {mean.max():.0f} mm": heated(crop, heat),
        f"worst place: {mean.max():.0f} mm": _framed(_with_mesh(system, harmed), worst[0], patch.side),
    }
    return contact_sheet([[lettered(picture, words) for words, picture in pictures.items()]])


def _framed(picture: Picture, window: Int[np.ndarray, "4"], side: int) -> Picture:
    """A copy with a frame around the window (top, bottom, left, right) of a crop of `side` pixels."""
    top, bottom, left, right = (round(SIZE / side * int(edge)) for edge in window)
    return cv2.rectangle(picture.copy(), (left, top), (right - 1, bottom - 1), WHITE, 2)


def _with_mesh(system: Estimator, batch: Batch) -> Picture:
    """The picture of a batch of one and the mesh that the system sees in it."""
    said = system(batch)
    translation = crop_translation(said.camera, system.focal_length, system.resolution)
    (crop,) = crop_pixels(system, batch, SIZE)
    focal_length = system.focal_length * SIZE / system.resolution
    vertices = (said.vertices + translation[:, None])[0].cpu()
    return draw_mesh(crop, vertices, system.body.faces.cpu(), focal_length, (SIZE / 2, SIZE / 2))
