"""3D Poses in the Wild (von Marcard et al., ECCV 2018): sequence files of one or two actors each.

Frames are numbered as their pictures, actors as in the file. A trusted person is one whose camera agrees with the
picture (`campose_valid`). Translations and cameras agree loosely, so absolute positions are less sure than poses.
Known fault of the data: chests in courtyard_dancing_01, frames 91 to 134.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from hpe.datasets.readers.genders import gender_code
from hpe.datasets.readers.pw3d_subsets import subsets
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.files.entries import Entries
from hpe.files.safe_pickle import load
from hpe.geometry.boxes import first_with_area, inside, tight_boxes
from hpe.geometry.calibrated import check_rigid, picture_points, to_camera, turn_root

FOLDERS = {"train": ["train"], "val": ["validation"], "test": ["test"], "all": ["train", "validation", "test"]}


@dataclass(frozen=True)
class ThreeDPW(Reader):
    """Every person of every frame; of `train` the trusted ones, because nobody can learn from the others.

    `joints3d` are SMPL's in the camera's frame and `joints2d` their projections, with confidence 0 where the person
    is not trusted. `box` is around the detected 2D joints, as SPIN and most after it take it: it shrinks where people
    are hidden. Where nothing was detected it is around the projected joints inside the picture, or the whole picture.
    """

    splits: ClassVar = ("train", "val", "test", "all")
    published: ClassVar = {"train": 22735, "val": 10858, "test": 40219, "test:campose_valid": 35515, "all": 74620}

    def parts(self, split: str) -> Sequence[Part]:
        """One a sequence, by name."""
        files = [file for folder in FOLDERS[split] for file in self.find(f"sequenceFiles/{folder}/*.pkl")]
        return [Part(file.stem, (file,)) for file in sorted(files, key=lambda file: file.stem)]

    def read(self, split: str, part: Part) -> Columns:
        """The actors of a sequence, one after another."""
        sequence = Entries(part.files[0], load(part.files[0]))
        actors = [_actor(sequence, number) for number in range(len(sequence.items("genders")))]
        if not actors:
            raise sequence.fault("genders", "names nobody")
        people = {key: np.concatenate([actor[key] for actor in actors]) for key in actors[0]}
        kept = people["select_campose_valid"] if split == "train" else np.full(len(people["frame"]), True)
        return {key: values[kept] for key, values in people.items()}


def _actor(sequence: Entries, number: int) -> Columns:
    """One actor in all frames."""
    intrinsics, actor = sequence.array("cam_intrinsics", 3, 3), str(number)
    extrinsics = sequence.array("cam_poses", None, 4, 4)
    check_rigid(extrinsics, str(sequence.path))
    count, name = len(extrinsics), sequence.text("sequence")
    joints = to_camera(sequence.items("jointPositions").array(actor, count, 72).reshape(count, 24, 3), extrinsics)
    trusted = sequence.items("campose_valid").array(actor, count) > 0
    detected = sequence.items("poses2d").array(actor, count, 3, 18)
    pixels, in_front = picture_points(joints, intrinsics)
    confidence = np.tile(trusted[:, None], 24)
    gender = gender_code(sequence.items("genders")[actor], str(sequence.path))
    return {
        "image": np.array([f"imageFiles/{name}/image_{frame:05}.jpg" for frame in range(count)]),
        "sequence": np.full(count, name),
        "frame": np.arange(count),
        "person": np.full(count, number),
        "box": _boxes(detected, pixels, in_front, 2 * intrinsics[:2, 2]),
        "joints2d": pixels,
        "confidence2d": confidence & in_front,
        "joints3d": joints,
        "confidence3d": confidence,
        "pose": turn_root(sequence.items("poses").array(actor, count, 72), extrinsics[:, :3, :3]),
        "betas": np.tile(sequence.items("betas").first(actor, 10), (count, 1)),
        "has_smpl": np.full(count, True),
        "gender": np.full(count, gender),
        "focal_length": np.full(count, intrinsics[[0, 1], [0, 1]].mean()),
        "principal_point": np.tile(intrinsics[:2, 2], (count, 1)),
        **{f"select_{key}": chosen for key, chosen in subsets(name, trusted, detected).items()},
    }


def _boxes(
    detected: Float[np.ndarray, "people 3 18"], pixels: np.ndarray, in_front: np.ndarray, size: Float[np.ndarray, "2"]
) -> Float[np.ndarray, "people 4"]:
    """Around detections, else around projections within a picture of about that size, else all of it."""
    seen = tight_boxes(detected[:, :2].swapaxes(1, 2), detected[:, 2] > 0)
    projected = tight_boxes(pixels, in_front & inside(pixels, size))
    return first_with_area(seen, projected, np.tile([0.0, 0.0, *size], (len(seen), 1)))
