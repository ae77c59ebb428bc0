"""AGORA (Patel et al., CVPR 2021): rendered crowds of scans with SMPL fits; its test labels are not public.

A row of its tables is a picture, with a list over people in most columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from scipy.spatial.transform import Rotation

from hpe.datasets.readers.agora_cameras import SENSOR_WIDTH, camera_of, scan_turns
from hpe.datasets.readers.agora_fits import Fits
from hpe.datasets.readers.genders import gender_code
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.errors import UserError
from hpe.files.data_frame import read_data_frame
from hpe.files.entries import Entries
from hpe.geometry.boxes import first_with_area, inside, tight_boxes
from hpe.geometry.calibrated import NEAREST, turn_root

FULL = np.array([3840.0, 2160.0])
FOLDERS = {"train": "train", "val": "validation"}
LISTS = ("Yaw", "gender", "kid", "isValid", "gt_path_smpl", "gt_joints_2d", "gt_joints_3d")


@dataclass(frozen=True)
class AGORA(Reader):
    """Every person of every picture, of the 4K pictures or of those that are a third as high.

    Joints are those of the SMPL fits, hidden ones too. `box` is around the projected joints inside the picture.
    Children's fits need a template that SMPL's ten betas have not got: they have no `pose`.
    """

    height: int = 720
    splits: ClassVar = ("train", "val")

    def __post_init__(self) -> None:
        if self.height not in (720, 2160):
            raise UserError(f"AGORA has pictures of height 720 and 2160, not {self.height}; change reader.height")

    def parts(self, split: str) -> Sequence[Part]:
        """One a table."""
        found = self.find(f"camera_dataframe_smpl/{FOLDERS[split]}_*_withjv.pkl")
        return [Part(file.name.removesuffix("_withjv.pkl"), (file,)) for file in found]

    def read(self, split: str, part: Part) -> Columns:
        """The people of the pictures of a table."""
        (file,), fits = part.files, Fits(self.root)
        folder = "images/validation" if split == "val" else f"images/{part.name}"
        rows = _rows(file, read_data_frame(file))
        pictures = sorted((self._picture(row, folder, fits) for row in rows), key=lambda one: one["sequence"][0])
        columns = {key: np.concatenate([picture[key] for picture in pictures]) for key in pictures[0]}
        _check_turns(columns, file)
        return columns

    def _picture(self, row: Entries, folder: str, fits: Fits) -> Columns:
        """The people of one picture."""
        path, count, size = row.text("imgPath"), len(row.items("kid")), FULL * self.height / FULL[1]
        people = {key: row.items(key) for key in LISTS}
        numbers = [str(person) for person in range(count)]
        joints = np.stack([people["gt_joints_3d"].array(person, 24, 3) for person in numbers])
        pixels = np.stack([people["gt_joints_2d"].array(person, 24, 2) for person in numbers]) * size / FULL
        focal_length, yaw, pitch = camera_of(path, float(row.array("camYaw", finite=False)))
        if np.isnan(yaw):
            raise row.fault("camYaw", f"is not known, but {path} has a camera of its own")
        yaws = np.array([people["Yaw"].array(person) for person in numbers], dtype=float)
        fitted = [fits.read(people["gt_path_smpl"].text(person)) for person in numbers]
        kid, valid = (np.array([bool(people[key].array(one)) for one in numbers]) for key in ("kid", "isValid"))
        pose = turn_root(np.stack([fit[0] for fit in fitted]), scan_turns(yaws, yaw, pitch))
        name, whole = Path(path).stem, np.tile([0.0, 0.0, *size], (count, 1))
        confidence = np.ones((count, 24))
        return {
            "image": np.full(count, f"{folder}/{name}{'_1280x720' if self.height == 720 else ''}.png"),
            "sequence": np.full(count, name),
            "frame": np.zeros(count, int),
            "person": np.arange(count),
            "box": first_with_area(tight_boxes(pixels, inside(pixels, size)), whole),
            "image_size": np.tile(size, (count, 1)),
            "joints2d": pixels,
            "confidence2d": confidence * (joints[..., 2] > NEAREST),
            "joints3d": joints,
            "confidence3d": confidence,
            "pose": pose,
            "betas": np.stack([fit[1] for fit in fitted]),
            "has_smpl": ~kid,
            "gender": np.array([gender_code(people["gender"][person], str(row.path)) for person in numbers]),
            "focal_length": np.full(count, focal_length / SENSOR_WIDTH * size[0]),
            "principal_point": np.tile(size / 2, (count, 1)),
            "select_valid_occlusion_0_90": valid,
            "select_adults": ~kid,
        }


def _rows(file: Path, table: Mapping[str, np.ndarray]) -> list[Entries]:
    """The pictures with people in them. Raises UserError naming a column that is missing."""
    wanted = ("imgPath", "camYaw", *LISTS)
    for name in wanted:
        if name not in table:
            raise UserError(f"{file}: column '{name}' is missing; take the tables with joints (_withjv)")
    rows: list[dict[str, Any]] = [{name: table[name][row] for name in wanted} for row in range(len(table["imgPath"]))]
    entries = [Entries(file, row, f"row {number}.") for number, row in enumerate(rows)]
    found = [row for row in entries if len(row.items("kid"))]
    if not found:
        raise UserError(f"{file}: no picture has people in it; fetch it again")
    return found


def _check_turns(columns: Columns, file: Path) -> None:
    """Raise UserError where the hips of most people do not lie as their bodies' turns say: another camera's yaw."""
    hips = columns["joints3d"][:, 1] - columns["joints3d"][:, 2]
    along = Rotation.from_rotvec(columns["pose"][:, :3]).apply([1.0, 0, 0])
    cosine = (hips * along).sum(1) / np.linalg.norm(hips, axis=1).clip(1e-9)
    if np.median(cosine) < 0.7:
        degrees = np.rad2deg(np.arccos(np.median(cosine)))
        raise UserError(f"{file}: hips and fits disagree by {degrees:.0f} degrees; take fits and tables of one release")
