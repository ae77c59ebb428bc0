"""InstaVariety (Kanazawa et al., CVPR 2019), from its authors' record files: clips of one person, detected 2D joints.

A record is a clip; its pictures are crops around the person, as JPEG bytes. They are written, byte for byte, to
`pictures/<file>/<clip>/<frame>.jpg` beside the record files when those are read, since a store refers to picture files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.insta_variety_clip import Clip
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import has_area, take
from hpe.errors import UserError
from hpe.files.tfrecord import read_examples
from hpe.geometry.boxes import tight_boxes


@dataclass(frozen=True)
class InstaVariety(Reader):
    """Every frame with a box around detected joints, which is tight; sequences are numbered within their file."""

    splits: ClassVar = ("train",)
    joint_set: ClassVar = "instavariety_25"

    def parts(self, split: str) -> Sequence[Part]:
        """One a record file."""
        return [Part(file.name.split(".")[0], (file,)) for file in self.find(f"{split}/*.tfrecord")]

    def read(self, split: str, part: Part) -> Columns:
        """The clips of a file; writes their pictures."""
        path = part.files[0]
        records = enumerate(read_examples(path))
        clips = [self._columns(Clip(path, number, features), part.name) for number, features in records]
        if not clips:
            raise UserError(f"{path} holds no clip; fetch it again")
        return {key: np.concatenate([clip[key] for clip in clips]) for key in clips[0]}

    def _columns(self, clip: Clip, file: str) -> Columns:
        pictures, sizes = clip.pictures()
        joints = clip.joints(sizes)
        count, name = len(pictures), f"{file}_{clip.number:04}"
        images = [f"pictures/{file}/{clip.number:04}/{frame:06}.jpg" for frame in range(count)]
        columns = {
            "image": np.array(images, dtype=str),
            "image_size": sizes,
            "sequence": np.full(count, name),
            "frame": np.arange(count),
            "person": np.zeros(count, dtype=int),
            "box": tight_boxes(joints[..., :2], joints[..., 2] > 0),
            "joints2d": joints[..., :2],
            "confidence2d": joints[..., 2],
        }
        kept = has_area(columns["box"])
        for frame in np.flatnonzero(kept):
            _write(self.root / images[frame], pictures[frame])
        return take(columns, kept)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and not again: the data of a name never change."""
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(path)
