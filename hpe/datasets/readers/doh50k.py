"""3DOH50K (Zhang et al., CVPR 2020): pictures of people behind objects, with neutral SMPL bodies."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool, Float

from hpe.datasets.readers.projection import FARTHEST
from hpe.datasets.readers.reader import Columns, FilesMissing, Part, Reader
from hpe.datasets.readers.rows import has_area, in_order, take
from hpe.errors import UserError
from hpe.files.json_file import read_json
from hpe.files.json_records import Records
from hpe.geometry.calibrated import check_rigid, turn_root
from hpe.geometry.intrinsics import pinhole_points

Array = np.ndarray
KEYS = frozenset({"extri", "intri", "img_path", "bbox", "betas", "pose", "smpl_joints_2d", "smpl_joints_3d"})
# What a metre is in the files' unit, after MeTRAbs; established for lsp_joints_3d, of the same bodies.
METRE = 7


@dataclass(frozen=True)
class DOH50K(Reader):
    """`trainset` and `testset`, or as PARE renames them `train` and `test`, each `annots.json` and `images`.

    A part is a split. The pose's root is turned from the world into the camera. The box is the annotated one; PARE's
    crop goes by its height alone, which differs where it is wider than high. `joints3d` are SMPL's where the camera
    sees them at `joints2d`, else of confidence 0: the files do not say in which frame they are. Every picture is a
    sequence of its own.
    """

    # 50,310 and 1,290 people are recalled, so they are not printed beside what is read.
    splits: ClassVar = ("train", "test")

    def parts(self, split: str) -> Sequence[Part]:
        """The split's file. Raises UserError where it is in neither folder."""
        for name in (f"{split}set", split):
            if (file := self.root / name / "annots.json").is_file():
                return [Part(name, (file,))]
        raise FilesMissing(f"no {split}set/annots.json in {self.root.resolve()}: unpack the official files there")

    def read(self, split: str, part: Part) -> Columns:
        """A person a picture."""
        names, people = _entries(part.files[0])
        extrinsics, intrinsics = people.numbers("extri", 4, 4), people.numbers("intri", 3, 3)
        check_rigid(extrinsics, str(part.files[0]))
        count, corners = len(people), people.numbers("bbox", 2, 2)
        focal, centre = intrinsics[:, [0, 1], [0, 1]], intrinsics[:, :2, 2]
        pixels, joints = people.numbers("smpl_joints_2d", 24, 2), people.numbers("smpl_joints_3d", 24, 3) / METRE
        seen = np.tile(_seen(joints, pixels, focal, centre)[:, None], 24)
        images = [f"{part.name}/images/{PureWindowsPath(name).name}" for name in people.texts("img_path")]
        columns = {
            "image": np.array(images, dtype=str),
            "sequence": names,
            **{"frame": np.zeros(count, int), "person": np.zeros(count, int)},
            "box": np.concatenate([corners[:, 0], corners[:, 1] - corners[:, 0]], axis=1),
            **{"joints2d": pixels, "confidence2d": np.ones((count, 24))},
            **{"joints3d": joints, "confidence3d": seen},
            "pose": turn_root(people.numbers("pose", 1, 72)[:, 0], extrinsics[:, :3, :3]),
            "betas": people.numbers("betas", 1, 10)[:, 0],
            **{"has_smpl": np.full(count, True), "gender": np.zeros(count, int)},
            **{"focal_length": focal.mean(1), "principal_point": centre},
        }
        return in_order(take(columns, has_area(columns["box"])))


def _entries(path: Path) -> tuple[Array, Records]:
    """Names of pictures, and what is said of each."""
    content: Any = read_json(path)
    if not isinstance(content, dict) or not all(isinstance(entry, dict) for entry in content.values()):
        raise UserError(f"{path}: is no table of pictures; fetch it again")
    kept = [{key: entry[key] for key in KEYS & entry.keys()} for entry in content.values()]
    return np.array(list(content), dtype=str), Records(path, kept, list(content))


def _seen(
    joints: Float[Array, "people 24 3"],
    pixels: Float[Array, "people 24 2"],
    focal: Float[Array, "people 2"],
    centre: Float[Array, "people 2"],
) -> Bool[Array, " people"]:
    """Whose joints the camera sees where they are labelled."""
    in_front = np.all(joints[..., 2] > 0, axis=1)
    shown = np.where(in_front[:, None, None], joints, 1)
    away = np.linalg.norm(pinhole_points(shown, focal, centre) - pixels, axis=-1)
    return in_front & (np.median(away, axis=1) < FARTHEST)
