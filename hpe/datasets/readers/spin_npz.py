"""SPIN's archives (Kolotouros et al., ICCV 2019), which PARE, EFT's users, CSA and BEDLAM write too: `<name>.npz`.

Keys, as these systems' evaluations read them: imgname, center, scale; of the rest a file has what its data set has:
openpose, part, mmpose_keypoints, S, pose, shape, has_smpl, gender.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.exchanged import Exchanged, body, flags, genders, labelled, square_boxes
from hpe.datasets.readers.reader import Columns, Part
from hpe.errors import UserError
from hpe.files.archive import open_npz, read_npy
from hpe.files.entries import Entries
from hpe.files.limits import AGAIN
from hpe.joints import ABSENT, joint_map

# A pose for PARE's camera replaces the ordinary one; BEDLAM says which frame its pose is in.
POSES = ("pose_0yaw_inverseyz", "pose_cam", "pose")
OPENPOSE, PARTS, BODY = 25, 24, 82


@dataclass(frozen=True)
class SpinNpz(Exchanged):
    """People of an archive, joints as `spin_49`: those of OpenPose and those that are labelled.

    `joints3d` are metres around the pelvis. `box` is square and gives SPIN's crop back, side 200 scale, with a margin
    of 1.2. Persons are told apart by the order of rows, because the files do not number them. `fits` is a file
    `<name>_fits.npy`, pose and betas of the same rows, for people without SMPL of their own.
    """

    fits: str = ""
    joint_set: ClassVar = "spin_49"

    def parts(self, split: str) -> list[Part]:
        """The archive, with its fits."""
        fits = self.find(self.fits) if self.fits else []
        return [Part(Path(self.file).stem, (*self.find(self.file), *fits))]

    def columns(self, path: Path) -> Columns:
        """The people of the archive, in its order."""
        with open_npz(path) as archive:
            file = Entries(path, archive)
            columns = dict(self.named(file, "imgname"))
            count = len(columns["image"])
            columns["box"] = square_boxes(file.array("center", count, 2), 200 * file.rows("scale", count)[:, :1])
            said = {**_joints2d(file, count), **_joints3d(file, count), **self._body(file, count)}
            if not said:
                raise UserError(f"{path} has none of openpose, part, S and pose: none of SPIN's; {AGAIN}")
            return {**columns, **said, **genders(file, "gender", count)}

    def _body(self, file: Entries, count: int) -> Columns:
        key = next((key for key in POSES if key in file.entries), None)
        if key is None and not self.fits:
            return {}
        own = flags(file, "has_smpl", count) & (key is not None)
        pose = np.zeros((count, 72)) if key is None else file.array(key, count, 72, finite=False)
        betas = np.zeros((count, 10)) if key is None else file.array("shape", count, None, finite=False)[:, :10]
        if not self.fits:
            return body(pose, betas, own)
        said = np.where(own[:, None], np.concatenate([pose, betas], axis=1), self._fitted(count))
        return body(said[:, :72], said[:, 72:], np.full(count, True))

    def _fitted(self, count: int) -> np.ndarray:
        """Pose and betas [people, 82] of the file of fits."""
        path = self.find(self.fits)[0]
        return Entries(path, {"fits": read_npy(path)}).array("fits", count, BODY)


def _joints2d(file: Entries, count: int) -> Columns:
    """What is not labelled has confidence 0; without `part`, PARE's detections (COCO's 17) stand in."""
    if not {"openpose", "part", "mmpose_keypoints"} & set(file.entries):
        return {}
    points = np.zeros((count, OPENPOSE + PARTS, 3))
    if "openpose" in file.entries:
        points[:, :OPENPOSE] = file.array("openpose", count, OPENPOSE, 3, finite=False)
    if "part" in file.entries:
        points[:, OPENPOSE:] = file.array("part", count, PARTS, 3, finite=False)
    elif "mmpose_keypoints" in file.entries:
        index = np.array(joint_map("coco_17", "spin_j24"))
        detected = file.array("mmpose_keypoints", count, None, 3, finite=False)
        points[:, OPENPOSE:] = detected[:, index] * (index != ABSENT)[:, None]
    return labelled(points, 2)


def _joints3d(file: Entries, count: int) -> Columns:
    if "S" not in file.entries:
        return {}
    none = np.zeros((count, OPENPOSE, 4))
    return labelled(np.concatenate([none, file.array("S", count, PARTS, 4, finite=False)], axis=1), 3)
