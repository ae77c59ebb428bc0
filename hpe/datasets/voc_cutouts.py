"""Objects cut out of Pascal VOC 2012, as synthetic-occlusion (Sarandi et al., IROS workshops 2018) and PARE paste them.

The folder is the unpacked VOCdevkit/VOC2012: JPEGImages/<name>.jpg, Annotations/<name>.xml and
SegmentationObject/<name>.png, whose palette index is 0 for background, 255 for borders and else the place of the object
in the annotation, counted from 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from jaxtyping import UInt8
from PIL import Image, UnidentifiedImageError
from rich.progress import track

from hpe.datasets.cutouts import Cutout, Cutouts, cut_out
from hpe.datasets.images import UnreadableImage, read_image
from hpe.datasets.store import Store
from hpe.errors import UserError

OBTAIN = "unpack VOCtrainval_11-May-2012.tar (host.robots.ox.ac.uk/pascal/VOC/voc2012) and name its VOC2012 folder"


@dataclass(frozen=True)
class VocCutouts(Cutouts):
    """All whole objects but people that fill at least `least_area` pixels: not truncated, not marked as difficult."""

    folder: str
    least_area: int = 500

    def load(self, stores: Sequence[Store]) -> list[Cutout]:
        """The cut-outs in the order of names and objects. Raises UserError for files that are missing or damaged."""
        masks = sorted((self._root / "SegmentationObject").glob("*.png"))
        if not masks:
            raise UserError(f"no SegmentationObject/*.png in {self._root.resolve()}: {OBTAIN}")
        found = [cutout for path in track(masks, "Cutting out objects", transient=True) for cutout in self._of(path)]
        if not found:
            raise UserError(f"no object in {self._root.resolve()} has {self.least_area} pixels and is whole")
        return found

    @property
    def _root(self) -> Path:
        return Path(self.folder).expanduser()

    def _of(self, path: Path) -> Iterator[Cutout]:
        whole = self._whole_objects(self._root / "Annotations" / f"{path.stem}.xml")
        if not whole:
            return
        indices, picture = _indices(path), self._picture(path.stem)
        if indices.shape != picture.shape[:2]:
            raise UserError(f"{path}: its size is not that of JPEGImages/{path.stem}.jpg; unpack VOC2012 again")
        for number in whole:
            mask = indices == number
            if mask.sum() >= self.least_area:
                yield cut_out(picture, mask)

    def _picture(self, name: str) -> UInt8[np.ndarray, "height width 3"]:
        try:
            return read_image(self._root / "JPEGImages" / f"{name}.jpg")
        except UnreadableImage as error:
            raise UserError(f"cannot read {error}; unpack VOC2012 again") from error

    def _whole_objects(self, path: Path) -> list[int]:
        """Palette indices of the objects to cut out."""
        try:
            objects = ElementTree.parse(path).getroot().findall("object")
        except (OSError, ElementTree.ParseError) as error:
            raise UserError(f"cannot read {path} ({error}); unpack VOC2012 again") from error
        return [
            number
            for number, thing in enumerate(objects, start=1)
            if thing.findtext("name") != "person"
            and thing.findtext("difficult", "0") == "0"
            and thing.findtext("truncated", "0") == "0"
        ]


def _indices(path: Path) -> UInt8[np.ndarray, "height width"]:
    """Indices into the palette, which most decoders replace by colours."""
    try:
        with Image.open(path) as picture:
            indices = np.asarray(picture)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError) as error:
        raise UserError(f"cannot read {path} ({error}); unpack VOC2012 again") from error
    if indices.ndim != 2 or indices.dtype != np.uint8:
        raise UserError(f"{path}: a mask of objects has one channel of 8 bits")
    return indices
