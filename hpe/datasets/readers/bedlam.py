"""BEDLAM (Black et al., CVPR 2023): rendered people in clothes, labelled with SMPL-X; one archive a scene.

Pictures of close-ups are stored lying on their left side; labels speak of the upright picture. Here labels are turned
to the picture as it is stored, because pictures are read as they are.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
from jaxtyping import Float, Int, Shaped

from hpe.datasets.readers.bedlam_joints import joints_in_space
from hpe.datasets.readers.exchanged import MARGIN, square_boxes
from hpe.datasets.readers.picture_names import texts
from hpe.datasets.readers.reader import Columns, Part, Reader
from hpe.datasets.readers.rows import in_order
from hpe.errors import UserError
from hpe.files.archive import open_npz
from hpe.files.entries import Entries
from hpe.files.limits import AGAIN

NAME = re.compile(r"(seq_\d+)/seq_\d+_(\d{1,9})\.png")
SIZE = np.array([1280.0, 720.0])
JOINTS, LABELLED = 55, 127

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BEDLAM(Reader):
    """Every person of every picture: joints of SMPL-X in the picture and in space, box and camera.

    Joints in space take SMPL-X's own file `smplx`, the neutral one, of which a licence is needed; without it there are
    those in the picture only. There is no `pose`: betas of SMPL-X are of another space than SMPL's. `box` gives
    BEDLAM's crop, side 200 scale, back with a margin of 1.2.
    """

    smplx: str | None = None
    version: ClassVar = 2
    splits: ClassVar = ("train",)
    joint_set: ClassVar = "smplx_55"

    def parts(self, split: str) -> Sequence[Part]:
        """One a scene, with the model of its bodies where that is at hand."""
        scenes, model = self.find("all_npz_12_training/*.npz"), self._model()
        return [Part(file.stem, (file, *model)) for file in scenes]

    def _model(self) -> tuple[Path, ...]:
        """SMPL-X's file, if it is there; else says what that means."""
        path = Path(self.smplx or "").expanduser()
        if path.is_file():
            return (path,)
        if self.smplx is not None:
            _log.warning(
                f"  no {path.resolve()}: joints in 2D only. For those in 3D register at smpl-x.is.tue.mpg.de and put "
                "SMPLX_NEUTRAL.npz of SMPL-X 1.1 there"
            )
        return ()

    def read(self, split: str, part: Part) -> Columns:
        """The people of a scene."""
        file, *model = part.files
        with open_npz(file) as archive:
            labels = Entries(file, archive)
            pictures = texts(labels, "imgname")
            count = len(pictures)
            sequence, frame = _named(pictures, file)
            joints = labels.array("gtkps", count, LABELLED, None)[:, :JOINTS, :2]
            camera, centre = labels.array("cam_int", count, 3, 3), labels.array("center", count, 2)
            principal, sides = camera[:, :2, 2], 200 * labels.array("scale", count)
            space = joints_in_space(labels, model[0], joints, camera, sides / MARGIN) if model else {}
            if "closeup" in part.name:
                joints, centre, principal = (_on_side(points) for points in (joints, centre, principal))
                if model:
                    space["joints3d"] = _on_side(space["joints3d"], width=0.0)
            return in_order(
                {
                    "image": np.char.add(f"{self._pictures(part.name)}/", pictures),
                    "sequence": np.char.add(f"{part.name}/", sequence),
                    "frame": frame,
                    "person": _tracks(sequence, frame, texts(labels, "sub", count)),
                    "box": square_boxes(centre, sides[:, None]),
                    "image_size": np.tile(SIZE, (count, 1)),
                    "joints2d": joints,
                    "confidence2d": np.ones((count, JOINTS)),
                    **space,
                    "focal_length": camera[:, [0, 1], [0, 1]].mean(1),
                    "principal_point": principal,
                }
            )

    def _pictures(self, scene: str) -> str:
        """The folder of a scene's pictures. Raises UserError where it is missing."""
        for rate in ("6fps", "30fps"):
            folder = f"training_images/{scene}_{rate}/png"
            if (self.root / folder).is_dir():
                return folder
        raise UserError(f"no training_images/{scene}_6fps/png or _30fps/png in {self.root.resolve()}: unpack it there")


def _named(
    pictures: Shaped[np.ndarray, " people"], file: Path
) -> tuple[Shaped[np.ndarray, " people"], Int[np.ndarray, " people"]]:
    """Sequence and frame by names such as seq_000001/seq_000001_0005.png."""
    found = [NAME.fullmatch(name) for name in pictures]
    for name, match in zip(pictures, found, strict=True):
        if match is None:
            raise UserError(
                f"{file}: 'imgname' {str(name)!r} is no picture like seq_000000/seq_000000_0000.png; {AGAIN}"
            )
    return np.array([match[1] for match in found if match]), np.array([int(match[2]) for match in found if match])


def _tracks(
    sequence: Shaped[np.ndarray, " people"], frame: Int[np.ndarray, " people"], body: Shaped[np.ndarray, " people"]
) -> Int[np.ndarray, " people"]:
    """A number for each body of a sequence, the same in all of its frames; one that comes twice in a frame has two."""
    table = pd.DataFrame({"sequence": sequence, "frame": frame, "body": body})
    again = table.groupby(["sequence", "frame", "body"]).cumcount().astype(str)
    names = table["body"] + " " + again
    return names.groupby(table["sequence"]).rank("dense").to_numpy().astype(np.int64) - 1


def _on_side(points: Float[np.ndarray, "*people axes"], width: float = SIZE[1]) -> Float[np.ndarray, "*people axes"]:
    """Points of the upright picture, which is that wide, in the one that is stored: a quarter turn clockwise puts it
    upright. In space, where x counts from the optical axis, the width is 0.
    """
    return np.concatenate([points[..., 1:2], width - points[..., :1], points[..., 2:]], axis=-1)
