"""Predictions to look at: crop, predicted mesh over it, labelled mesh over it, and the prediction from the side."""

from pathlib import Path

import cv2
import numpy as np
import torch
from jaxtyping import UInt8
from torch.utils.data import DataLoader, Dataset

from hpe.datasets.crops_dataset import PersonCrops
from hpe.estimator import Estimator
from hpe.geometry.cameras import crop_translation
from hpe.rendering.overlay import contact_sheet, draw_mesh, draw_side_view, save_picture
from hpe.types import Batch

SIZE = 256
LABEL_COLOUR = (0.55, 0.80, 0.55)
SHEET = "predictions.png"

Picture = UInt8[np.ndarray, "height width 3"]


def draw_predictions(system: Estimator, loader: DataLoader[Batch], count: int, folder: Path) -> Path | None:
    """Draw `count` samples spread over a split, each into a file named by its row, and all onto one sheet.

    Returns the sheet; None where no sample could be read or none is asked for.
    """
    batch = _spread(loader.dataset, list(loader.sampler), count)
    if batch is None:
        return None
    rows = draw_rows(system, batch)
    for number, row in zip(batch.sample.tolist(), rows, strict=True):
        save_picture(folder / f"{number:06d}.png", contact_sheet([row]))
    save_picture(folder / SHEET, contact_sheet(rows))
    return folder / SHEET


def _spread(crops: Dataset[Batch], keys: list, count: int) -> Batch | None:
    if count < 1:
        return None
    chosen = np.linspace(0, len(keys) - 1, min(count, len(keys))).round().astype(int)
    assert isinstance(crops, PersonCrops)
    batch = crops.__getitems__([keys[place] for place in chosen])
    return batch if len(batch) else None


@torch.inference_mode()
def draw_rows(system: Estimator, batch: Batch) -> list[list[Picture]]:
    """A row of pictures a sample, the crop first; without labels the third is the crop again."""
    system.eval()
    known = batch.to(next(system.parameters()).device)
    said = system(known)
    translation = crop_translation(said.camera, system.focal_length, system.resolution)
    seen = (said.vertices + translation[:, None]).cpu()
    focal, faces = system.focal_length * SIZE / system.resolution, system.body.faces.cpu()
    rows = []
    for number, crop in enumerate(crop_pixels(system, batch)):
        overlay = draw_mesh(crop, seen[number], faces, focal, (SIZE / 2, SIZE / 2))
        labelled = _draw_label(system, known[number : number + 1], crop)
        rows.append([crop, overlay, labelled, draw_side_view(seen[number], faces, SIZE)])
    return rows


def crop_pixels(system: Estimator, batch: Batch, size: int = SIZE) -> list[Picture]:
    """The crops as they were before normalisation, `size` pixels a side."""
    colour = system.backbone.preprocessing
    mean, std = (batch.image.new_tensor(values)[:, None, None] for values in (colour.mean, colour.std))
    pixels = ((batch.image * std + mean) * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1)
    return [cv2.resize(crop, (size, size), interpolation=cv2.INTER_CUBIC) for crop in pixels.cpu().numpy()]


def _draw_label(system: Estimator, sample: Batch, crop: Picture) -> Picture:
    """The labelled body over the crop, seen by the crop's true camera, where all of that is known."""
    target, joints = system.target(sample), sample.joints3d
    focal_length, middle = sample.focal_length, sample.principal_point
    if target is None or joints is None or focal_length is None or middle is None or sample.joint_set != "smpl_24":
        return crop
    vertices = target.vertices[0] + (joints[0, 0] - target.joints[0, 0])
    centre = tuple(((middle[0] + 1) * SIZE / 2).tolist())
    return draw_mesh(
        crop, vertices.cpu(), system.body.faces.cpu(), float(focal_length[0]) * SIZE / 2, centre, LABEL_COLOUR
    )
