"""One clip of InstaVariety: the lists of a record as pictures and joints, checked."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float
from PIL import Image, UnidentifiedImageError

from hpe.errors import UserError
from hpe.files.example_message import Features
from hpe.files.limits import AGAIN

# In records that hold image features ("phis") joints go from -1 to 1 over a crop of this side.
SIDE = 224
BODY, FACE, TOES = 14, 5, 6


@dataclass(frozen=True)
class Clip:
    """Record `number` of a file. Every method raises UserError naming file, record and list at fault."""

    path: Path
    number: int
    features: Features

    def fault(self, name: str, reason: str) -> UserError:
        """What is said of a list, and what to do about it."""
        return UserError(f"{self.path}: record {self.number}, '{name}' {reason}; {AGAIN}")

    def numbers(self, name: str, *shape: int) -> Float[np.ndarray, "..."]:
        """A list of finite numbers in a shape."""
        found = self.features.get(name)
        if not isinstance(found, np.ndarray) or found.size != np.prod(shape):
            raise self.fault(name, f"is missing or not {' x '.join(map(str, shape))} numbers")
        if not np.isfinite(found).all():
            raise self.fault(name, "holds a number that is not finite")
        return found.astype(np.float64).reshape(shape)

    def pictures(self) -> tuple[list[bytes], Float[np.ndarray, "frames 2"]]:
        """JPEG files of all frames, and their widths and heights."""
        count, found = self.numbers("meta/N", 1)[0], self.features.get("image/encoded")
        if not isinstance(found, list) or len(found) != count or not found:
            raise self.fault("image/encoded", f"is missing or not {count:g} pictures")
        return found, np.array([self._size(picture) for picture in found], dtype=np.float64)

    def _size(self, picture: bytes) -> tuple[int, int]:
        try:
            with Image.open(io.BytesIO(picture), formats=["JPEG"]) as opened:
                return opened.size
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise self.fault("image/encoded", "holds a picture that is no JPEG") from error

    def joints(self, sizes: Float[np.ndarray, "frames 2"]) -> Float[np.ndarray, "frames 25 3"]:
        """x and y in pixels and confidence; of each list of points all x come first, then all y."""
        count = len(sizes)
        body = self.numbers("image/xys", count, 2, BODY)
        seen = self.numbers("image/visibilities", count, 1, BODY)
        points = [
            np.concatenate([body, seen], axis=1),
            self.numbers("image/face_pts", count, 3, FACE),
            self._toes(count),
        ]
        joints = np.concatenate(points, axis=2).swapaxes(1, 2)
        if self._has("image/phis"):
            if (sizes != SIDE).any():
                raise self.fault("image/encoded", f"holds a picture that is not {SIDE} pixels square, as joints imply")
            joints[..., :2] = (joints[..., :2] + 1) / 2 * SIDE
        joints[..., 2] = np.clip(joints[..., 2], 0, 1)
        return joints

    def _toes(self, count: int) -> Float[np.ndarray, "frames 3 6"]:
        """Toes and ankles, which some records lack."""
        if not self._has("image/toe_pts"):
            return np.zeros((count, 3, TOES))
        return self.numbers("image/toe_pts", count, 3, TOES)

    def _has(self, name: str) -> bool:
        return len(self.features.get(name, ())) > 0
