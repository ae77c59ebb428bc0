"""`python -m benchmarks.occlusion sensitivity`: the error of every joint while a patch slides over a person."""

import json
import logging
from pathlib import Path

import numpy as np
import torch
from omegaconf import DictConfig
from rich import print as show
from rich.table import Table

from benchmarks.occlusion.config import SensitivityConfig
from benchmarks.occlusion.fourteen import NAMES, origin
from benchmarks.occlusion.heat_pictures import SIZE, draw_grid
from benchmarks.occlusion.models import Model, checkpoints
from benchmarks.occlusion.pace import pace
from benchmarks.occlusion.provenance import not_resumed, provenance, write_whole
from benchmarks.occlusion.sliding import Maps, Patch, sensitivity
from benchmarks.occlusion.strip import strip
from benchmarks.occlusion.subjects import Subject, subjects
from hpe.cli import door
from hpe.errors import UserError, refuse_below
from hpe.joints import joint_set
from hpe.rendering.overlay import save_picture
from hpe.runs.pictures import crop_pixels
from hpe.runs.quiet import silence_libraries

TITLES = {"mpjpe": "MPJPE", "pa_mpjpe": "PA-MPJPE"}
LABELS, ITSELF = "the true body", "the prediction without the patch"

_log = logging.getLogger("hpe.occlusion")


@door("occlusion_sensitivity", advice=not_resumed)
def main(config: DictConfig) -> None:
    """Map, draw and keep the sensitivity of one system for every person that was asked for."""
    silence_libraries()
    refuse_below(1, {"windows_at_once": config.windows_at_once})
    (path, *others) = checkpoints(config)
    if others:
        raise UserError("sensitivity looks at one system: give one checkpoint=, or compare systems with curves")
    model = Model.read(path, config, SensitivityConfig)
    patch = Patch.of(model.system.resolution, config.size, config.stride, config.fill)
    folder = Path(config.paths.run)
    _log.info("%s of %s: %s", model.name, path, patch)
    for subject in subjects(model.config, model):
        maps = sensitivity(model.system, subject, patch, config.windows_at_once)
        draw(folder, model, subject, patch, maps)
        keep(folder, model, subject, patch, maps)
        tell(model, subject, patch, maps)
    found = pace(model.system, subject, patch, config.windows_at_once)
    _log.info(
        "%.1f ms a place, %.1f ms one place at a time: x%.1f",
        1000 * found["ours_s"],
        1000 * found["reference_s"],
        found["ratio"],
    )
    _log.info("pictures and arrays: %s", folder)


def reference(subject: Subject) -> str:
    """What errors are measured against."""
    return ITSELF if subject.truth is None else LABELS


def draw(folder: Path, model: Model, subject: Subject, patch: Patch, maps: Maps) -> None:
    """Four sheets of 14 heat maps, two a metric, and the row of meshes."""
    (crop,) = crop_pixels(model.system, subject.batch, SIZE)
    points = projected(model, subject)
    for name, title in TITLES.items():
        words = (
            f"{title} of {model.name} under a patch of {patch.size} px of {patch.side}, against {reference(subject)}"
        )
        for together, scale in ((True, "one_scale"), (False, "own_scales")):
            path = folder / f"{subject.name}_{name}_{scale}.png"
            draw_grid(path, crop, getattr(maps, name), getattr(maps, f"clean_{name}"), patch, points, words, together)
    save_picture(folder / f"{subject.name}_meshes.png", strip(model.system, subject, patch, maps))


@torch.inference_mode()
def projected(model: Model, subject: Subject) -> np.ndarray:
    """Where the 14 joints are in the pictures: as labelled, else as predicted; pixels [14 2]."""
    labels = subject.batch.joints2d
    found = labels if labels is not None else model.system(subject.batch).joints2d
    assert found is not None
    return (found[0, joint_set("smpl_24").index(*NAMES)].cpu().numpy() + 1) * SIZE / 2


def keep(folder: Path, model: Model, subject: Subject, patch: Patch, maps: Maps) -> None:
    """Write `NAME.npz`: the maps, and all that is needed to read them without this code."""
    (crop,) = crop_pixels(model.system, subject.batch, patch.side)
    arrays = {
        **vars(maps),
        **{"windows": patch.windows, "size": patch.size, "stride": patch.stride, "fill": patch.fill},
        **{"side": patch.side, "joints": NAMES, "joints_from": origin(model.system.body), "units": "mm", "crop": crop},
        **{"reference": reference(subject), "source": subject.source, "model": model.name},
        "provenance": json.dumps(provenance([model])),
    }
    write_whole(folder / f"{subject.name}.npz", lambda file: np.savez_compressed(file, **arrays))


def tell(model: Model, subject: Subject, patch: Patch, maps: Maps) -> None:
    """Print the errors of each joint over the patch's places."""
    places = f"{len(maps.mpjpe)} x {len(maps.mpjpe)} places"
    show(f"{model.name} on {subject.source}, {places}, against {reference(subject)}")
    table = Table("MPJPE, mm")
    for head in ("no patch", "least", "mean", "most"):
        table.add_column(head, justify="right")
    for joint, name in enumerate(NAMES):
        own = maps.mpjpe[..., joint]
        table.add_row(name, *(f"{x:.1f}" for x in (maps.clean_mpjpe[joint], own.min(), own.mean(), own.max())))
    for name, title in TITLES.items():
        mean, clean = getattr(maps, name).mean(-1), getattr(maps, f"clean_{name}").mean()
        table.add_row(
            f"mean {title}", *(f"{x:.1f}" for x in (clean, mean.min(), mean.mean(), mean.max())), style="bold"
        )
    show(table)
    if subject.truth is None:
        show(f"no true body is known of {subject.source}: errors are against {ITSELF}, so they are changes, not errors")
