"""The layout of PARE's demo: a `pare_output.pkl` for each video, a dictionary by track id of arrays over frames.

As PARE writes it (Kocabas et al., ICCV 2021), joblib reads it, and `hpe.exchange import` too. n frames a track:

- pred_cam [n, 3]: (s, tx, ty) of the crop, which turns metres into half the crop's side
- orig_cam [n, 4]: (sx, sy, tx, ty), the same for the whole picture: `geometry.cameras.picture_camera`
- bboxes [n, 4]: centre x, centre y, side, side of the crop in pixels; frame_ids [n]
- pose [n, 24, 3, 3]: rotations relative to the parent, the first to the camera; betas [n, 10]
- verts [n, V, 3], joints3d [n, 49, 3]: metres around the body's own origin, in the order of `spin_49`
- smpl_joints2d [n, 49, 2]: pixels of the picture, seen by the crop's camera of 5,000 pixels at 224
- joints2d: None, for it is a detector's

A body without 49 joints has None for both sets of them. Further, for what users of PARE ask: pose_axis_angle [n, 72],
smpl_joints3d [n, 24, 3], and full_translation [n, 3] in metres, which puts the body before the picture's own camera
of focal_length [n] pixels and principal point in the middle.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.bodies.body import Body
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.exchange.folders import new_folder, write_pickle
from hpe.exchange.posing import posed, rotation_matrices
from hpe.geometry.cameras import (
    default_focal_length,
    full_image_translation,
    picture_camera,
    picture_points,
    project_crop,
)
from hpe.scoring.predictions import Predictions

FILE_NAME = "pare_output.pkl"
FOCAL_LENGTH, RESOLUTION = 5000.0, 224
JOINTS = "spin_49"


def export_pare(said: Predictions, store: Store, body: Body, output: Path, focal_length: float | None = None) -> int:
    """Write `<output>/<sequence>/pare_output.pkl` of the people of `store`; returns how many sequences.

    A track is a person, its frames those of the predictions. `focal_length` of the full picture is in pixels; without
    it that of the store holds, else the picture's diagonal. Raises UserError for another store, and for predictions
    without rotations, cameras or crops.
    """
    said.check_rows(store)
    if missing := [name for name in ("camera", "crop") if name not in said]:
        raise UserError(f"predictions of {said.model} have no column '{missing[0]}', which PARE's layout needs")
    rotmats, focal = rotation_matrices(said), _focal_lengths(said, store, focal_length)
    sequences = np.unique(said["sequence"])
    with new_folder(output) as folder:
        for sequence in sequences.tolist():
            tracks = {}
            for person in np.unique(said["person"][said["sequence"] == sequence]).tolist():
                rows = np.flatnonzero((said["sequence"] == sequence) & (said["person"] == person))
                rows = rows[said["frame"][rows].argsort()]
                tracks[person] = _track(said, store, body, rows, rotmats[rows], focal[rows])
            write_pickle(_inside(folder, sequence) / FILE_NAME, tracks)
    return len(sequences)


def _inside(folder: Path, sequence: str) -> Path:
    if Path(sequence).is_absolute() or ".." in Path(sequence).parts:
        raise UserError(f"sequence '{sequence}' is no name for a folder: nothing is written outside of --output")
    return folder / sequence


def _focal_lengths(said: Predictions, store: Store, given: float | None) -> Float[Tensor, " people"]:
    if given is not None:
        return torch.full((len(said),), given)
    name = "focal_length" if "focal_length" in store else "image_size"
    known = torch.from_numpy(store[name][said["sample"]]).float()
    return known if name == "focal_length" else default_focal_length(known)


def _track(
    said: Predictions,
    store: Store,
    body: Body,
    rows: np.ndarray,
    rotmats: Float[Tensor, "frames 24 3 3"],
    focal: Float[Tensor, " frames"],
) -> dict[str, Any]:
    betas, camera, crop = (torch.from_numpy(said[name][rows]) for name in ("betas", "camera", "crop"))
    size = torch.from_numpy(store["image_size"][said["sample"][rows]]).float()
    mesh = posed(rotmats, betas, body)
    joints = body.joints(mesh.vertices, JOINTS, mesh.joints) if body.name == "smpl" else None
    seen = None if joints is None else project_crop(joints, camera, FOCAL_LENGTH, RESOLUTION)
    tensors = {
        "pred_cam": camera,
        "orig_cam": picture_camera(camera, crop, size),
        "verts": mesh.vertices,
        "pose": rotmats,
        "betas": betas,
        "joints3d": joints,
        "joints2d": None,
        "smpl_joints2d": None if seen is None else picture_points(seen, crop),
        "bboxes": crop[:, [0, 1, 2, 2]],
        "smpl_joints3d": mesh.joints,
        "full_translation": full_image_translation(camera, crop, size, focal),
        "focal_length": focal,
    }
    arrays = {name: None if value is None else value.numpy() for name, value in tensors.items()}
    return {**arrays, "pose_axis_angle": said["pose"][rows], "frame_ids": said["frame"][rows]}
