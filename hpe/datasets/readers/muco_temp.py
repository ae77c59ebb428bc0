"""MuCo-Temp (Véges and Lőrincz, 2020): clips of several people of MPI-INF-3DHP before one of its cameras.

What is downloaded are labels; the frames are composed by the authors' script. The cameras, which are those of the
people's own videos, are fitted to the labels in 3D and 2D.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.mpi_inf import LABELS
from hpe.datasets.readers.projection import check_projection
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import has_area, take
from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.files.safe_pickle import load
from hpe.geometry.boxes import tight_boxes
from hpe.geometry.intrinsics import fit_intrinsics

NEAREST = 0.1  # metres


@dataclass(frozen=True)
class MuCoTemp(Reader):
    """`frames/cam_*/gt.pkl` and `sequence_meta.pkl`; a part is a camera, its rows one person of a clip after another.

    The box is around all 17 joints. People who come behind their camera, as some do in S3/Seq2, are left out of those
    frames. Every `frame_step`-th frame is read; `frame` counts from 0, as pictures do.
    """

    splits: ClassVar = ("train",)
    joint_set: ClassVar = "mupots_17"
    frame_step: int = 1
    labels: str = "annot3"

    def __post_init__(self) -> None:
        if self.labels not in LABELS:
            raise UserError(f"labels '{self.labels}' are none of {', '.join(LABELS)}")
        if self.frame_step < 1:
            raise UserError(f"frame_step is {self.frame_step}; it must be 1 or more")

    def parts(self, split: str) -> Sequence[Part]:
        """The cameras by name. Raises UserError naming a file that is missing."""
        origins = self.find("sequence_meta.pkl")[0]
        return [Part(file.parent.name, (file, origins)) for file in self.find("frames/cam_*/gt.pkl")]

    def read(self, split: str, part: Part) -> Columns:
        """Everybody in the clips of a camera."""
        clips, origins = load(part.files[0]), self._origins(part)
        if not isinstance(clips, list | tuple) or len(clips) != len(origins):
            raise UserError(
                f"{part.files[0]} is no list of {len(origins)} clips, as {part.files[1]} is; fetch both again"
            )
        people = [
            self._person(part.name, number, Entries(part.files[0], clip, f"{number}."), person, count)
            for number, (clip, count) in enumerate(zip(clips, origins, strict=True))
            for person in range(count)
        ]
        return {key: np.concatenate([person[key] for person in people]) for key in people[0]}

    def _origins(self, part: Part) -> list[int]:
        """How many people each clip of a camera was composed of."""
        found, camera = load(part.files[1]), part.name.removeprefix("cam_")
        try:
            return [len(people) for people in found[int(camera)]]
        except (LookupError, TypeError, ValueError) as error:
            raise UserError(f"{part.files[1]} has no clips of camera {camera}; fetch it again") from error

    def _person(self, camera: str, number: int, clip: Entries, person: int, count: int) -> Columns:
        pixels = clip.array("annot2", None, count, 17, 2)[:, person]
        measured = clip.array("annot3", len(pixels), count, 17, 3)[:, person] / 1000
        joints = clip.array(self.labels, len(pixels), count, 17, 3)[:, person] / 1000
        there = np.all(measured[..., 2] > NEAREST, axis=1)
        intrinsics = fit_intrinsics(measured[there].reshape(-1, 3), pixels[there].reshape(-1, 2))
        where = f"{clip.path}, clip {number}, person {person}"
        check_projection(measured[there], pixels[there], intrinsics, where)
        frames = np.arange(0, len(pixels), self.frame_step)
        known = np.ones((len(frames), 17), dtype=bool)
        columns = {
            "image": np.array([f"frames/{camera}/vid_{number}/img_{frame:04d}.jpg" for frame in frames]),
            "sequence": np.full(len(frames), f"{camera}_vid_{number}"),
            "frame": frames,
            "person": np.full(len(frames), person),
            "box": tight_boxes(pixels[frames], known),
            **{"joints2d": pixels[frames], "confidence2d": known, "joints3d": joints[frames], "confidence3d": known},
            "focal_length": np.full(len(frames), intrinsics.diagonal()[:2].mean()),
            "principal_point": np.tile(intrinsics[:2, 2], (len(frames), 1)),
        }
        return take(columns, there[frames] & has_area(columns["box"]))
