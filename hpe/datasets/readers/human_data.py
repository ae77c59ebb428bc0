"""MMHuman3D's HumanData (OpenMMLab, 2021): `<name>.npz`, as its documentation describes the format.

Keypoints are of a superset of 190 joints, of which a file keeps those that its mask names; the first 144 are those of
SMPL-X. `smpl` and `meta` are dictionaries, so they are pickles inside the archive.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int

from hpe.datasets.readers.exchanged import Exchanged, body, flags, genders, labelled
from hpe.datasets.readers.reader import Columns
from hpe.errors import UserError
from hpe.files.archive import Archive, open_npz
from hpe.files.entries import Entries
from hpe.files.limits import AGAIN
from hpe.joints import ABSENT, joint_map


@dataclass(frozen=True)
class HumanData(Exchanged):
    """People of an archive, joints as `smpl_24`: the superset's first 55 are SMPL-X's, hands by their index fingers.

    `box` is bbox_xywh as the file has it, `joints3d` metres as the file has them.
    """

    def columns(self, path: Path) -> Columns:
        """The people of the archive, in its order."""
        with open_npz(path) as archive:
            file = Entries(path, archive)
            columns = dict(self.named(file, "image_path"))
            count = len(columns["image"])
            columns["box"] = file.array("bbox_xywh", count, None)[:, :4]
            said = {**_joints(file, count, 2), **_joints(file, count, 3), **_body(archive, file, count)}
            if not said:
                raise UserError(f"{path} has none of keypoints2d, keypoints3d and smpl: no HumanData; {AGAIN}")
            return {**columns, **said, **genders(_inner(archive, path, "meta"), "gender", count)}


def _joints(file: Entries, count: int, dimensions: int) -> Columns:
    """Joint columns of 2 or 3 dimensions, where the file has such keypoints."""
    key = f"keypoints{dimensions}d"
    if key not in file.entries:
        return {}
    found = file.array(key, count, None, dimensions + 1, finite=False)
    index = _index(file, f"{key}_mask", found.shape[1])
    return labelled(found[:, index] * (index != ABSENT)[:, None], dimensions)


def _index(file: Entries, key: str, joints: int) -> Int[np.ndarray, " 24"]:
    """Where the joints of smpl_24 lie among those that a file keeps; ABSENT for those it does not."""
    kept = file.array(key, None) > 0
    wanted = np.array(joint_map("smplx_55", "smpl_24"))
    if len(kept) <= wanted.max() or joints not in (kept.sum(), len(kept)):
        raise file.fault(key, f"names {kept.sum()} of {len(kept)} joints, but the file keeps {joints}")
    places = np.cumsum(kept) - 1 if joints == kept.sum() else np.arange(len(kept))
    return np.where(kept[wanted], places[wanted], ABSENT)


def _body(archive: Archive, file: Entries, count: int) -> Columns:
    smpl = _inner(archive, file.path, "smpl")
    if "body_pose" not in smpl.entries:
        return {}
    root = smpl.array("global_orient", count, 3, finite=False)
    joints = smpl.array("body_pose", count, 23, 3, finite=False).reshape(count, 69)
    betas = smpl.array("betas", count, None, finite=False)
    return body(np.concatenate([root, joints], axis=1), betas, flags(file, "has_smpl", count))


def _inner(archive: Archive, path: Path, key: str) -> Entries:
    """The dictionary under a key, empty where there is none. Raises UserError where it is no dictionary."""
    value = archive[key] if key in archive else np.array({}, dtype=object)
    return Entries(path, value.item() if value.shape == () else value, f"{key}.")
