"""The kinds of occluders by name, and where their pictures come from."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from hydra.utils import instantiate
from omegaconf import DictConfig

from benchmarks.occlusion.occluders import OPAQUE, Occluder, Pasted, Patch, Truncation
from hpe.datasets.cutouts import Cutout, Cutouts
from hpe.datasets.limb_cutouts import LimbCutouts
from hpe.datasets.occluders import draw_shape, draw_texture
from hpe.datasets.person_cutouts import PersonCutouts
from hpe.datasets.store import Store
from hpe.datasets.voc_cutouts import VocCutouts
from hpe.errors import UserError, did_you_mean

OBJECTS, CANVAS, LENGTH = 300, 256, 150.0

_log = logging.getLogger("hpe.occlusion")


def occluders(config: DictConfig) -> dict[str, Occluder]:
    """The kinds that `config.kinds` names. Raises UserError for an unknown one."""
    for name in config.kinds:
        if name not in KINDS:
            raise UserError(f"kinds: no occluder is called '{name}'; {did_you_mean(name, KINDS)}")
    found = {name: KINDS[name](config) for name in config.kinds}
    for name, kind in found.items():
        _log.info("  %s: %s", name, kind.origin)
    return found


def objects(config: DictConfig) -> Occluder:
    """Objects of Pascal VOC 2012 where it lies in the folder `config.voc`, else procedural ones."""
    folder = Path(config.voc).expanduser()
    if (folder / "SegmentationObject").is_dir():
        cutouts = VocCutouts(str(folder)).load([])
        return Pasted(opaque(cutouts), f"{len(cutouts)} objects cut out of Pascal VOC 2012")
    return Pasted(procedural(), f"{OBJECTS} procedural objects, because there is no Pascal VOC 2012 in {folder}")


def procedural() -> list[Cutout]:
    """Polygons, ellipses and rods with the texture of cloth, wood or leaves; the same in every run."""
    generator = np.random.default_rng(0)
    found: list[Cutout] = []
    while len(found) < OBJECTS:
        rows, columns = np.nonzero(draw_shape(CANVAS, LENGTH, generator))
        # Shapes are drawn anywhere on a canvas, also over its edge; a cut-out is whole.
        if len(rows) and min(rows.min(), columns.min()) > 0 and max(rows.max(), columns.max()) < CANVAS - 1:
            found.append(_textured(rows - rows.min(), columns - columns.min(), generator))
    return found


def _textured(rows: np.ndarray, columns: np.ndarray, generator: np.random.Generator) -> Cutout:
    """An object of these pixels."""
    height, width = int(rows.max()) + 1, int(columns.max()) + 1
    alpha = np.zeros((height, width), np.uint8)
    alpha[rows, columns] = 255
    return np.dstack([draw_texture(height, width, generator), alpha])


def opaque(cutouts: Sequence[Cutout]) -> list[Cutout]:
    """Cut-outs without the quarter clear rim that softens them for training, of which limbs are little else.

    Through such a rim a person can still be seen, who is counted as hidden.
    """
    return [np.dstack([one[..., :3], np.where(one[..., 3] > OPAQUE, 255, 0).astype(np.uint8)]) for one in cutouts]


def of_people(cutouts: Cutouts, words: str, config: DictConfig) -> Occluder:
    """Cut out of the training people of the data set `config.others`, which is made if need be."""
    store = others(config)
    found = cutouts.load([store])
    return Pasted(opaque(found), f"{len(found)} {words} cut out of {store.name} {store.split} ({len(store)} people)")


def others(config: DictConfig) -> Store:
    """The store whose people occlude."""
    source = instantiate(config.others, _convert_="all")
    if source.generate is not None:
        source.generate()
    return source.open("train")


KINDS: dict[str, Callable[[DictConfig], Occluder]] = {
    "patch": lambda config: Patch(),
    "cutout": objects,
    "limb": partial(of_people, LimbCutouts(), "arms and legs"),
    "person": partial(of_people, PersonCutouts(), "people"),
    "truncation": lambda config: Truncation(),
}
