"""The training part of MPI-INF-3DHP: `annot.mat` and `camera.calibration` of a recording by 14 cameras."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from hpe.datasets.readers.projection import check_projection
from hpe.datasets.readers.reader import Columns
from hpe.datasets.readers.rows import take
from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.geometry.boxes import inside, tight_boxes
from hpe.joints import joint_map, joint_set

Array = np.ndarray
SIZE = np.array([2048.0, 2048.0])
BENCHMARKED = list(joint_map("mpi_inf_28", "mpi_inf_17"))
FAST = {(1, 2), (3, 1), (3, 2), (5, 1), (5, 2)}  # 50 frames a second; the others have 25
# Faults of the data, by subject, sequence and camera.
BEHIND = (3, 2, 2)  # some frames come to lie behind the camera
SHORT = {(6, 2, 2): 3911}  # the video ends there
ONE_TOO_MANY = (3, 1)  # an annotation more than there are pictures
SWAPPED = {(4, 2): slice(3759, 5853)}  # left is right


@dataclass(frozen=True)
class Video:
    """One camera's video of a recording."""

    subject: int
    sequence: int
    camera: int

    @property
    def recording(self) -> tuple[int, int]:
        """What all cameras filmed."""
        return self.subject, self.sequence

    def frames(self, annotated: int, step: int) -> Array:
        """Every `step`-th frame that has a picture, of 25 a second."""
        last = annotated - (self.recording == ONE_TOO_MANY)
        last = min(last, SHORT.get((*self.recording, self.camera), last))
        return np.arange(0, last, step)


def people_of_video(
    video: Video, annotations: Entries, key: str, intrinsics: Float[Array, "3 3"], step: int
) -> Columns:
    """A person a row: those all of whose 17 joints of the benchmark lie inside the picture, as SPIN takes them.

    The box is around these 17. Raises UserError where labels `annot3` do not project to `annot2`.
    """
    pixels, measured, joints = (_joints(video, annotations, name) for name in ("annot2", "annot3", key))
    if not len(pixels) == len(measured) == len(joints):
        raise annotations.fault(key, f"has {len(joints)} frames of camera {video.camera}, annot2 has {len(pixels)}")
    check_projection(measured / 1000, pixels, intrinsics, f"{annotations.path}, camera {video.camera}")
    frames = video.frames(len(pixels), step)
    pixels, joints = pixels[frames], joints[frames] / 1000
    known, everybody = np.ones((len(frames), 28)), np.ones((len(frames), 17), dtype=bool)
    name = f"S{video.subject}_Seq{video.sequence}_video_{video.camera}"
    pictures = f"S{video.subject}/Seq{video.sequence}/imageFrames/video_{video.camera}"
    columns = {
        "image": np.array([f"{pictures}/frame_{frame + 1:06d}.jpg" for frame in frames], dtype=str),
        "sequence": np.full(len(frames), name),
        "frame": frames,
        "person": np.zeros(len(frames), int),
        "box": tight_boxes(pixels[:, BENCHMARKED], everybody),
        **{"joints2d": pixels, "confidence2d": known, "joints3d": joints, "confidence3d": known},
        "focal_length": np.full(len(frames), intrinsics.diagonal()[:2].mean()),
        "principal_point": np.tile(intrinsics[:2, 2], (len(frames), 1)),
    }
    return take(columns, np.all(inside(pixels[:, BENCHMARKED], SIZE), axis=1))


def _joints(video: Video, annotations: Entries, key: str) -> Float[Array, "frames 28 axes"]:
    """Labels of a camera, pixels or mm in its frame, left and right where they belong."""
    found = annotations.items(key).array(str(video.camera), None, 56 if key == "annot2" else 84)
    joints = found.reshape(len(found), 28, -1)
    if video.recording in SWAPPED:
        swapped = SWAPPED[video.recording]
        joints[swapped] = joints[swapped][:, list(joint_set("mpi_inf_28").flip)]
    return joints


def read_calibration(path: Path) -> dict[int, Float[Array, "3 3"]]:
    """Intrinsics in pixels by camera. Raises UserError for a file that is none.

    After a head line come 7 lines a camera; "name" gives its number, "intrinsic" 16 numbers of a 4 x 4 matrix.
    """
    cameras, number = {}, -1
    try:
        for line in path.read_text(encoding="ascii").splitlines()[1:]:
            word, *values = line.split() or [""]
            if word == "name":
                number = int(values[0])
            elif word == "intrinsic":
                cameras[number] = np.array([float(value) for value in values]).reshape(4, 4)[:3, :3]
    except (ValueError, IndexError) as error:
        raise UserError(f"{path} is not a camera calibration ({error}); fetch it again") from error
    if not cameras or not np.isfinite(list(cameras.values())).all():
        raise UserError(f"{path} holds no cameras; fetch it again")
    return cameras
