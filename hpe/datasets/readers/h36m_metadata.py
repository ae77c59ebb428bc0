"""What `metadata.xml` of Human3.6M says: how each subject was filmed, and which recording is which trial.

`w0` holds 6 numbers (angles about x, y, z in radians and the camera's place in mm) for each of 4 cameras x 11 subjects,
then 9 for each camera (two focal lengths, centre, three radial and two tangential coefficients, in pixels). `mapping`
is a table: a head row of subjects, then action, trial and the recording's name for each subject. Names do not tell the
trial.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from hpe.errors import UserError
from hpe.files.limits import AGAIN

Array = np.ndarray
CAMERAS = (54138969, 55011271, 58860488, 60457274)
SUBJECTS = 11
PLACED = len(CAMERAS) * SUBJECTS * 6
MOST_BYTES = 16 << 20


@dataclass(frozen=True)
class Camera:
    """A calibrated camera in metres and pixels; `distortion` in OpenCV's order."""

    extrinsics: Float[Array, "4 4"]
    intrinsics: Float[Array, "3 3"]
    distortion: Float[Array, "5"]


@dataclass(frozen=True)
class Metadata:
    """The file's content; every method raises UserError naming what is not in it."""

    path: Path

    @cached_property
    def _root(self) -> ElementTree.Element:
        if not self.path.is_file():
            raise UserError(f"no file {self.path}")
        if self.path.stat().st_size > MOST_BYTES:
            raise UserError(
                f"{self.path} has {self.path.stat().st_size} bytes, more than such a file can have; {AGAIN}"
            )
        try:
            return ElementTree.fromstring(self.path.read_bytes())
        except (ElementTree.ParseError, ValueError) as error:
            raise UserError(f"{self.path} is not XML ({error}); fetch it again") from error

    def _found(self, name: str) -> ElementTree.Element:
        element = self._root.find(f".//{name}")
        if element is None:
            raise UserError(f"{self.path}: <{name}> is missing; {AGAIN}")
        return element

    def camera(self, subject: int, number: int) -> Camera:
        """How the camera called `number` saw a subject (1 to 11)."""
        values = self._calibration
        place = CAMERAS.index(number)
        about, lens = values[:PLACED].reshape(4, SUBJECTS, 6)[place, subject - 1], values[PLACED:].reshape(4, 9)[place]
        extrinsics, intrinsics = np.eye(4), np.eye(3)
        extrinsics[:3, :3] = Rotation.from_euler("XYZ", about[:3]).as_matrix()
        extrinsics[:3, 3] = -extrinsics[:3, :3] @ about[3:] / 1000
        intrinsics[[0, 1], [0, 1]], intrinsics[:2, 2] = lens[:2], lens[2:4]
        return Camera(extrinsics, intrinsics, lens[[4, 5, 7, 8, 6]])

    @cached_property
    def _calibration(self) -> Float[Array, "300"]:
        words = re.split(r"[\s,;\[\]]+", (self._found("w0").text or "").strip(" []\n\t"))
        try:
            values = np.array([float(word) for word in words])
        except ValueError:
            values = np.empty(0)
        if len(values) != PLACED + 36 or not np.isfinite(values).all():
            raise UserError(f"{self.path}: <w0> is not {PLACED + 36} finite numbers; {AGAIN}")
        return values

    def trial(self, subject: int, recording: str) -> int:
        """Whether a recording, such as "Greeting 1", is the first or second trial of its action."""
        for _, trial, *names in self._table[1:]:
            named = dict(zip(self._table[0][2:], names, strict=False))
            if named.get(f"S{subject}") == recording and trial.isdigit():
                return int(trial)
        raise UserError(f"{self.path}: <mapping> has no recording '{recording}' of S{subject}; {AGAIN}")

    @cached_property
    def _table(self) -> list[list[str]]:
        rows = [[(cell.text or "").strip() for cell in row] for row in self._found("mapping")]
        return [row for row in rows if len(row) > 2] or [["", ""]]
