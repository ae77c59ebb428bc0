"""Archives of 4D-Humans (Goel et al., ICCV 2023) and TokenHMR (Dwivedi et al., CVPR 2024): `<name>.npz`."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from hpe.datasets.readers.exchanged import Exchanged, body, flags, labelled, square_boxes
from hpe.datasets.readers.reader import Columns
from hpe.errors import UserError
from hpe.files.archive import open_npz
from hpe.files.entries import Entries
from hpe.files.limits import AGAIN

OPENPOSE, EXTRA = 25, 19
# OpenPose's body joints have no 3D confidence there, because the same points are labelled among the extra ones.
DOUBTED = slice(1, 15)


@dataclass(frozen=True)
class Humans4DNpz(Exchanged):
    """People of an archive, joints as `hmr2_44`.

    `joints3d` are metres as the file has them. `scale` is the crop's side, or its width and height, in pixels; `box`
    is that over 1.2, so that the usual margin gives its longer side back. Whoever has a body pose and betas has SMPL.
    """

    joint_set: ClassVar = "hmr2_44"

    def columns(self, path: Path) -> Columns:
        """The people of the archive, in its order."""
        with open_npz(path) as archive:
            file = Entries(path, archive)
            columns = dict(self.named(file, "imgname"))
            count = len(columns["image"])
            if "personid" in file.entries:
                columns["person"] = file.whole("personid", count)
            columns["box"] = square_boxes(file.array("center", count, 2), _sides(file, count))
            said = {**_joints(file, count, 2), **_joints(file, count, 3), **_body(file, count)}
            if not said:
                raise UserError(f"{path} has neither keypoints nor body_pose: none of 4D-Humans'; {AGAIN}")
            return {**columns, **said}


def _sides(file: Entries, count: int) -> np.ndarray:
    """One side or two, pixels."""
    values = file.rows("scale", count)
    if values.shape[1] not in (1, 2):
        raise file.fault("scale", f"has {values.shape[1]} numbers a person, expected 1 or 2")
    return values


def _joints(file: Entries, count: int, dimensions: int) -> Columns:
    """Joints of 2 or 3 dimensions, the body's and the extra ones; whichever are missing have confidence 0."""
    keys = {f"body_keypoints_{dimensions}d": OPENPOSE, f"extra_keypoints_{dimensions}d": EXTRA}
    if not keys.keys() & set(file.entries):
        return {}
    parts = [
        file.array(key, count, joints, dimensions + 1, finite=False)
        if key in file.entries
        else np.zeros((count, joints, dimensions + 1))
        for key, joints in keys.items()
    ]
    points = np.concatenate(parts, axis=1)
    if dimensions == 3:
        points[:, DOUBTED, -1] = 0
    return labelled(points, dimensions)


def _body(file: Entries, count: int) -> Columns:
    if "body_pose" not in file.entries:
        return {}
    known = flags(file, "has_body_pose", count) & flags(file, "has_betas", count)
    pose = file.array("body_pose", count, 72, finite=False)
    return body(pose, file.array("betas", count, None, finite=False), known)
