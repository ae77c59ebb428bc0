"""Human3.6M (Ionescu et al., TPAMI 2014): joints by motion capture, seen by four cameras.

There is no SMPL ground truth: it was withdrawn. Joints are those of `D3_Positions`, in the world, moved into the
camera by `metadata.xml`; where they do not project to `D2_Positions` the calibration is refused. Pictures are frames of
the videos under SPIN's names, "images/S9_Directions_1.60457274_000001.jpg", the first frame being 000001.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int

from hpe.datasets.readers.h36m_metadata import CAMERAS, Metadata
from hpe.datasets.readers.projection import check_projection
from hpe.datasets.readers.reader import Columns, FilesMissing, Part, Reader
from hpe.errors import UserError
from hpe.files.cdf import read_cdf
from hpe.files.limits import AGAIN
from hpe.files.matlab import read_matlab73_cells
from hpe.geometry.calibrated import to_camera
from hpe.joints import joint_map

Array = np.ndarray
SUBJECTS = {"train": (1, 5, 6, 7, 8), "test": (9, 11)}
FRONTAL = 60457274
# Labels of these recordings lie 200 mm beside the person. MeTRAbs moves them back, HybrIK leaves them out.
SHIFTED = {(9, "SittingDown 1"), (9, "Waiting 1"), (9, "Greeting")}
# SPIN's crop is 0.9 of the mask's longer side, where of a tight box it is 1.2.
TIGHT = 0.9 / 1.2


@dataclass(frozen=True)
class H36M(Reader):
    """`S*/MyPoseFeatures`, `S*/MySegmentsMat/ground_truth_bb` and `metadata.xml`; a part is a video.

    Every `frame_step`-th of 50 frames a second is read. `box` is that of the mask, shrunk about its middle by 0.75, so
    that a margin of 1.2 gives SPIN's crop. Selections: `every_5th` and `every_64th` frame, where `frame_step` leaves
    them, of the former those of one camera, or of its first trials only; `labels_in_place` leaves out three recordings
    of S9. `frame` counts from 0.
    """

    # SPIN counts 312,188 people in training; recalled, so it is not printed beside what is read.
    splits: ClassVar = ("train", "test")
    joint_set: ClassVar = "h36m_17"
    frame_step: int = 5

    def __post_init__(self) -> None:
        if self.frame_step < 1:
            raise UserError(f"frame_step is {self.frame_step}; it must be 1 or more")

    def parts(self, split: str) -> Sequence[Part]:
        """A part a video of the split's subjects; recordings whose name begins with "_ALL" are none."""
        parts = []
        for subject in SUBJECTS[split]:
            for world in self.find(f"S{subject}/MyPoseFeatures/D3_Positions/*.cdf"):
                if not world.name.startswith("_ALL"):
                    parts += [self._part(subject, world, camera) for camera in CAMERAS]
        return sorted(parts, key=lambda part: part.name)

    def _part(self, subject: int, world: Path, camera: int) -> Part:
        folder, video = self.root / f"S{subject}", f"{world.stem}.{camera}"
        files = (
            world,
            folder / f"MyPoseFeatures/D2_Positions/{video}.cdf",
            folder / f"MySegmentsMat/ground_truth_bb/{video}.mat",
            self.root / "metadata.xml",
        )
        if missing := [file for file in files if not file.is_file()]:
            raise FilesMissing(f"no file {missing[0]}: unpack the official files there")
        return Part(f"S{subject}_{video}".replace(" ", "_"), files)

    def read(self, split: str, part: Part) -> Columns:
        """Every `frame_step`-th frame of a video."""
        world_file, pixel_file, mask_file, metadata_file = part.files
        subject, number = int(part.name[1:].split("_")[0]), int(pixel_file.stem.rsplit(".", 1)[1])
        metadata = Metadata(metadata_file)
        camera = metadata.camera(subject, number)
        world, pixels = _positions(world_file, 3) / 1000, _positions(pixel_file, 2)
        if len(world) != len(pixels):
            raise UserError(f"{pixel_file} has {len(pixels)} frames, {world_file} {len(world)}; fetch both again")
        frames = np.arange(0, len(world), self.frame_step)
        joints = to_camera(world[frames], np.tile(camera.extrinsics, (len(frames), 1, 1)))
        check_projection(joints, pixels[frames], camera.intrinsics, str(metadata_file), camera.distortion)
        boxes, sizes = _boxes(mask_file, frames)
        known, count = np.ones((len(frames), 17)), len(frames)
        return {
            "image": np.array([f"images/{part.name}_{frame + 1:06d}.jpg" for frame in frames]),
            "sequence": np.full(count, part.name),
            "frame": frames,
            "person": np.zeros(count, int),
            "box": boxes,
            "image_size": sizes,
            **{"joints2d": pixels[frames], "confidence2d": known, "joints3d": joints, "confidence3d": known},
            "focal_length": np.full(count, camera.intrinsics.diagonal()[:2].mean()),
            "principal_point": np.tile(camera.intrinsics[:2, 2], (count, 1)),
            **self._selections(frames, number, metadata.trial(subject, world_file.stem)),
            "select_labels_in_place": np.full(count, (subject, world_file.stem) not in SHIFTED),
        }

    def _selections(self, frames: Int[Array, " rows"], camera: int, trial: int) -> dict[str, Bool[Array, " rows"]]:
        """Those of frames that `frame_step` leaves whole: a card that asks for another then says so."""
        chosen = {}
        if 5 % self.frame_step == 0:
            fifth = frames % 5 == 0
            chosen["select_every_5th"] = fifth
            chosen[f"select_every_5th_camera_{FRONTAL}"] = fifth & (camera == FRONTAL)
            chosen["select_camera_3_first_trial"] = fifth & (camera == FRONTAL) & (trial == 1)
        if 64 % self.frame_step == 0:
            chosen["select_every_64th"] = frames % 64 == 0
        return chosen


def _positions(path: Path, axes: int) -> Float[Array, "frames 17 axes"]:
    """Joints in mm or pixels, of the 32 that a file has."""
    found = read_cdf(path, "Pose")
    if found.ndim != 3 or found.shape[::2] != (1, 32 * axes) or not np.isfinite(found).all():
        raise UserError(f"{path}: 'Pose' is not 1 x frames x {32 * axes} finite numbers, but {found.shape}; {AGAIN}")
    return found.reshape(-1, 32, axes)[:, list(joint_map("h36m_32", "h36m_17"))].astype(np.float64)


def _boxes(path: Path, frames: Int[Array, " rows"]) -> tuple[Float[Array, "rows 4"], Float[Array, "rows 2"]]:
    """Boxes of masks, shrunk, and the pictures' width and height. HDF5 has a mask's columns first."""
    boxes, sizes = np.empty((len(frames), 4)), np.empty((len(frames), 2))
    for row, mask in enumerate(read_matlab73_cells(path, "Masks", frames.tolist())):
        if mask.ndim != 2 or not mask.any():
            raise UserError(f"{path}: mask {frames[row] + 1} shows nobody; {AGAIN}")
        sides = [np.flatnonzero(mask.any(axis)) for axis in (1, 0)]
        low, high = np.array([side[0] for side in sides]), np.array([side[-1] + 1 for side in sides])
        boxes[row] = [*((low + high) / 2 - TIGHT * (high - low) / 2), *(TIGHT * (high - low))]
        sizes[row] = mask.shape
    return boxes, sizes
