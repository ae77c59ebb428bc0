"""One row of pictures of a person: crop, mesh over it, mean heat, and the mesh under the most harmful patch."""

from dataclasses import replace

import numpy as np
import torch
from jaxtyping import UInt8

from benchmarks.occlusion.heat import at_pixels, levels
from benchmarks.occlusion.heat_pictures import SIZE, heated
from benchmarks.occlusion.sliding import Maps, Patch, occluded
from benchmarks.occlusion.subjects import Subject
from hpe.estimator import Estimator
from hpe.geometry.cameras import crop_translation
from hpe.rendering.overlay import contact_sheet, draw_mesh
from hpe.runs.pictures import crop_pixels
from hpe.types import Batch


@torch.inference_mode()
def strip(system: Estimator, subject: Subject, patch: Patch, maps: Maps) -> UInt8[np.ndarray, "height width 3"]:
    """The row, for the mean over joints of MPJPE."""
    mean = maps.mpjpe.mean(-1, keepdims=True)
    image = occluded(subject.batch.image[0], patch.windows[[mean.argmax()]], patch.fill)
    (crop,) = crop_pixels(system, subject.batch, SIZE)
    heat = levels(at_pixels(mean, patch, SIZE)[..., 0], mean.min(), mean.max())
    harmed = replace(subject.batch, image=image)
    return contact_sheet([[crop, _with_mesh(system, subject.batch), heated(crop, heat), _with_mesh(system, harmed)]])


def _with_mesh(system: Estimator, batch: Batch) -> UInt8[np.ndarray, "size size 3"]:
    """The picture of a batch of one and the mesh that the system sees in it."""
    said = system(batch)
    translation = crop_translation(said.camera, system.focal_length, system.resolution)
    (crop,) = crop_pixels(system, batch, SIZE)
    focal_length = system.focal_length * SIZE / system.resolution
    vertices = (said.vertices + translation[:, None])[0].cpu()
    return draw_mesh(crop, vertices, system.body.faces.cpu(), focal_length, (SIZE / 2, SIZE / 2))
