"""EMDB (Kaufmann et al., ICCV 2023): one person followed through each video by a moving camera.

EMDB 1 and EMDB 2 are flags of a video. A frame is good where the authors trust the body. The world's frame is
gravity-aligned, y up; here everything is in the camera's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from hpe.datasets.readers.genders import gender_code
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.files.entries import Entries
from hpe.files.safe_pickle import load
from hpe.geometry.boxes import first_with_area, inside, tight_boxes
from hpe.geometry.calibrated import check_rigid, turn_root


@dataclass(frozen=True)
class EMDB(Reader):
    """Every frame of every video; all of it is a test set.

    `joints2d` are projections of SMPL's joints, with confidence 0 in frames that are not good. There are no labelled
    3D joints: they follow from `pose` and `betas` with the SMPL model of the person's gender. `box` is EMDB's own;
    where it says that it has none, around the projected joints inside the picture, or the whole picture.
    """

    splits: ClassVar = ("test",)

    def parts(self, split: str) -> Sequence[Part]:
        """One a video."""
        return [Part(file.stem.removesuffix("_data"), (file,)) for file in self.find("P*/*/*_data.pkl")]

    def read(self, split: str, part: Part) -> Columns:
        """The person of a video."""
        (file,) = part.files
        video = Entries(file, load(file))
        camera, body, name = video.inside("camera"), video.inside("smpl"), video.text("name")
        intrinsics = camera.array("intrinsics", 3, 3)
        extrinsics = camera.array("extrinsics", None, 4, 4)
        check_rigid(extrinsics, str(file))
        count, size = len(extrinsics), np.array([camera.array("width"), camera.array("height")])
        good, joints = video.array("good_frames_mask", count) > 0, video.array("kp2d", count, 24, 2)
        pose = np.concatenate([body.array("poses_root", count, 3), body.array("poses_body", count, 69)], axis=1)
        chosen = {key: np.full(count, bool(video.array(key))) for key in ("emdb1", "emdb2")}
        images = self.relative(file.parent / "images")
        return {
            "image": np.array([f"{images}/{frame:05}.jpg" for frame in range(count)]),
            "sequence": np.full(count, name),
            "frame": np.arange(count),
            "person": np.zeros(count, int),
            "box": _boxes(video.inside("bboxes"), joints, size),
            "image_size": np.tile(size, (count, 1)),
            "joints2d": joints,
            "confidence2d": np.tile(good[:, None], 24),
            "pose": turn_root(pose, extrinsics[:, :3, :3]),
            "betas": np.tile(body.array("betas", 10), (count, 1)),
            "has_smpl": np.full(count, True),
            "gender": np.full(count, gender_code(video["gender"], str(file))),
            "focal_length": np.full(count, intrinsics[[0, 1], [0, 1]].mean()),
            "principal_point": np.tile(intrinsics[:2, 2], (count, 1)),
            **{f"select_{key}": values for key, values in chosen.items()},
            **{f"select_{key}_good": values & good for key, values in chosen.items()},
        }


def _boxes(
    given: Entries, joints: Float[np.ndarray, "frames 24 2"], size: Float[np.ndarray, "2"]
) -> Float[np.ndarray, "frames 4"]:
    """EMDB's boxes, corners there, where they are valid and numbers."""
    corners = given.array("bboxes", len(joints), 4, finite=False)
    own = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    invalid = given.array("invalid_idxs", None).astype(int)
    if ((invalid < 0) | (invalid >= len(own))).any():
        raise given.fault("invalid_idxs", "names a frame that is not there")
    own[invalid] = np.nan
    return first_with_area(own, tight_boxes(joints, inside(joints, size)), np.tile([0.0, 0.0, *size], (len(own), 1)))
