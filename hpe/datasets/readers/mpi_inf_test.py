"""The test part of MPI-INF-3DHP: `annot_data.mat` (version 7.3) of six sequences."""

from pathlib import Path

import numpy as np

from hpe.datasets.readers.reader import Columns
from hpe.datasets.readers.rows import has_area, take
from hpe.errors import UserError
from hpe.files.entries import Entries
from hpe.files.limits import AGAIN
from hpe.files.matlab import read_matlab73
from hpe.geometry.boxes import inside, tight_boxes

# Sensors and lenses by the authors' calibration, in mm; pixels follow from the picture's width.
STUDIO, OUTDOORS = np.array([2048.0, 2048.0]), np.array([1920.0, 1080.0])
SENSORS = {
    True: (7.32506 / 10 * 2048, STUDIO / 2 + np.array([-0.0322884, 0.0929296]) / 10 * 2048),
    False: (
        8.770747185 / 10 * 1920,
        OUTDOORS / 2 + np.array([-0.104908645 / 10 * 1920, 0.104899704 / 5.625 * 1080]),
    ),
}


def test_people(path: Path, key: str) -> Columns:
    """A person a frame; where a frame is not valid its joints have confidence 0, and without a box it is left out.

    The box is around the labelled joints. Selections: `valid` frames, and of these, `valid_inside`, those all of whose
    joints lie inside the picture. The lens' distortion outdoors and pixels that are not square (0.7 %) are ignored, as
    most do. Raises UserError naming file and key.
    """
    names = ("annot2", "annot3", "univ_annot3", "valid_frame")
    found = Entries(path, read_matlab73(path, names))
    valid = found.array("valid_frame", None, 1)[:, 0] > 0
    count, sequence = len(valid), path.parent.name
    pixels = found.array("annot2", count, 1, 17, 2)[:, 0]
    joints = found.array(key, count, 1, 17, 3)[:, 0] / 1000
    studio = sequence in ("TS1", "TS2", "TS3", "TS4")
    focal, centre = SENSORS[studio]
    known = np.tile(valid[:, None], 17)
    if (joints[valid][..., 2] <= 0).any():
        raise UserError(f"{path}: '{key}' has joints behind the camera in a valid frame; {AGAIN}")
    columns = {
        "image": np.array(
            [f"{path.parent.parent.name}/{sequence}/imageSequence/img_{i + 1:06d}.jpg" for i in range(count)]
        ),
        "sequence": np.full(count, sequence),
        "frame": np.arange(count),
        "person": np.zeros(count, int),
        "box": tight_boxes(pixels, np.ones_like(known)),
        **{"joints2d": pixels, "confidence2d": known, "joints3d": joints, "confidence3d": known},
        "focal_length": np.full(count, focal),
        "principal_point": np.tile(centre, (count, 1)),
        "select_valid": valid,
        "select_valid_inside": valid & inside(pixels, STUDIO if studio else OUTDOORS).all(1),
    }
    return take(columns, has_area(columns["box"]))
