"""The layout of the 3DPW challenge: one pickle a sequence with joints and orientations of every frame.

After the description that comes with the challenge's evaluation code (ECCV 2020 workshop): `<split>/<sequence>.pkl`
mirrors the annotations, with `jointPositions` [P, N, 24, 3] in metres and `orientations` [P, N, 9, 3, 3], rotations
from the bone's frame to the camera's.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hpe.bodies.body import Body
from hpe.errors import UserError
from hpe.exchange.folders import new_folder, write_pickle
from hpe.exchange.posing import check_finite, posed_joints, rotation_matrices
from hpe.files.safe_pickle import load
from hpe.geometry.rotations import global_rotations
from hpe.scoring.predictions import Predictions

PARTS = [0, 1, 2, 4, 5, 16, 17, 18, 19]


def export_pw3d_challenge(parts: Sequence[Predictions], body: Body | None, truth: Path, output: Path) -> int:
    """Write the submission for all sequences that `parts` speak of; returns how many.

    `truth` is the folder `sequenceFiles` with its three splits, which says how many people and frames a sequence has
    and which count. Frames that do not count are zeros. Raises UserError where a frame that counts has no prediction.
    """
    columns = [_columns(said, body) for said in parts]
    whole = {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
    sequences = np.unique(whole["sequence"])
    with new_folder(output) as folder:
        for sequence in sequences:
            path = _annotations(truth, str(sequence))
            rows = whole["sequence"] == sequence
            layout = _layout({name: values[rows] for name, values in whole.items()}, _counts(path), path)
            write_pickle(folder / path.relative_to(truth), layout)
    return len(sequences)


def _columns(said: Predictions, body: Body | None) -> dict[str, np.ndarray]:
    names = {name: said[name] for name in ("sequence", "frame", "person")}
    if "pose" not in said or body is None:
        if said.joint_set != "smpl_24":
            raise UserError(f"the challenge scores smpl_24, predictions of {said.model} are joints of {said.joint_set}")
        check_finite(said)
        return {**names, "jointPositions": said["joints3d"]}
    orientations = global_rotations(rotation_matrices(said))[:, PARTS].numpy()
    return {**names, "jointPositions": posed_joints(said, body).numpy(), "orientations": orientations}


def _annotations(truth: Path, sequence: str) -> Path:
    found = sorted(truth.glob(f"*/{sequence}.pkl"))
    if len(found) != 1:
        raise UserError(f"{len(found)} files {truth}/*/{sequence}.pkl: --truth is 3DPW's folder sequenceFiles")
    return found[0]


def _counts(path: Path) -> np.ndarray:
    """Which frames count [P, N]: the camera's pose is trusted and a 2D pose was detected."""
    data = load(path)
    try:
        valid = np.asarray(data["campose_valid"], dtype=bool)
        return valid & np.asarray(data["poses2d"]).any((2, 3))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: not a sequence of 3DPW ({error!r}); fetch it again") from None


def _layout(columns: Mapping[str, np.ndarray], counts: np.ndarray, path: Path) -> dict[str, Any]:
    place = columns["person"], columns["frame"]
    if (np.array(place) < 0).any() or (np.array(place).max(1) >= counts.shape).any():
        raise UserError(f"predictions name a person or frame that {path} has not ({counts.shape} people, frames)")
    missing = counts.copy()
    missing[place] = False
    if missing.any():
        raise UserError(f"{missing.sum()} of {counts.sum()} people that count in {path} have no prediction")
    layout = {}
    for name in {"jointPositions", "orientations"} & columns.keys():
        layout[name] = np.zeros((*counts.shape, *columns[name].shape[1:]), dtype=np.float32)
        layout[name][place] = columns[name]
    return layout
