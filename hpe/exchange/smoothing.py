"""Predictions on the frames of videos, smoothed over time: store in, store out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.errors import UserError
from hpe.geometry.smoothing import one_euro, one_euro_rotations
from hpe.scoring.predictions import Predictions


def smooth(said: Predictions, min_cutoff: float, beta: float, legacy: bool = False) -> Predictions:
    """The same predictions after a one-euro filter over the frames of each person of each sequence.

    Rotations are filtered as rotations; betas, translations and joints as numbers. Cut-offs are per frame, `beta` per
    radian or metre a frame. Crops jump, and cameras with them: these two stay. With `legacy` only rotations are
    smoothed, by the entries of their matrices as PARE does; the nearest rotations are kept. People of whom a number is
    not finite stay as they are. Raises UserError where nobody is in two frames, or somebody in one frame twice.
    """
    filters = LEGACY if legacy else FILTERS
    columns = {name: said[name].copy() for name in filters if name in said}
    for rows in _tracks(said, list(columns)):
        steps = torch.from_numpy(np.diff(said["frame"][rows])).double()
        for name, values in columns.items():
            track = torch.from_numpy(values[rows]).double()
            values[rows] = filters[name](track, min_cutoff, beta, steps).numpy()
    way = f"one-euro{' on entries' if legacy else ''} {min_cutoff:g} {beta:g}"
    return replace(said, model=f"{said.model}, {way}", columns={**said.columns, **columns})


def _rotations(
    pose: Float[Tensor, "frames 72"], min_cutoff: float, beta: float, steps: Float[Tensor, " pauses"]
) -> Float[Tensor, "frames 72"]:
    rotmats = roma.rotvec_to_rotmat(pose.unflatten(1, (24, 3)))
    return roma.rotmat_to_rotvec(one_euro_rotations(rotmats, min_cutoff, beta, steps)).flatten(1)


def _entries(
    pose: Float[Tensor, "frames 72"], min_cutoff: float, beta: float, steps: Float[Tensor, " pauses"]
) -> Float[Tensor, "frames 72"]:
    entries = one_euro(roma.rotvec_to_rotmat(pose.unflatten(1, (24, 3))), min_cutoff, beta, steps)
    return roma.rotmat_to_rotvec(roma.special_procrustes(entries)).flatten(1)


Filter = Callable[[Tensor, float, float, Tensor], Tensor]
FILTERS: Mapping[str, Filter] = {"pose": _rotations, "betas": one_euro, "transl": one_euro, "joints3d": one_euro}
LEGACY: Mapping[str, Filter] = {"pose": _entries}


def _tracks(said: Predictions, names: list[str]) -> Iterator[np.ndarray]:
    """Rows of each person of each sequence in the order of frames, those with finite numbers only."""
    keys = pd.DataFrame({name: said[name] for name in ("sequence", "person", "frame")})
    finite = np.all([np.isfinite(said[name]).reshape(len(said), -1).all(1) for name in names], axis=0)
    if (twice := keys.duplicated()).any():
        sequence, person, frame = keys[twice].iloc[0]
        raise UserError(f"person {person} of sequence {sequence} is in frame {frame} twice: cannot smooth over frames")
    if not keys.duplicated(["sequence", "person"]).any():
        raise UserError(f"predictions of {said.model} have nobody in two frames of a sequence: nothing to smooth")
    for _, track in keys[finite].sort_values("frame").groupby(["sequence", "person"]):
        yield track.index.to_numpy()
