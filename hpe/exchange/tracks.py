"""What PARE, VIBE and the parallel-branch network write of a video: a dictionary of tracks, each of arrays."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hpe.errors import UserError
from hpe.exchange.foreign import Foreign, joined
from hpe.exchange.plain import foreign


def is_tracks(data: Any) -> bool:
    """Whether `data` looks like tracks by id, each with its frames."""
    values = list(data.values()) if isinstance(data, Mapping) else []
    return bool(values) and all(isinstance(value, Mapping) and "frame_ids" in value for value in values)


def foreign_tracks(path: Path, data: Mapping[Any, Any], sequence: str, joints: str | None, unit: str) -> Foreign:
    """All tracks of the video `sequence`; a track's id is the person's number, `bboxes` its crops.

    VIBE's `pose` is axis-angle [n, 72], PARE's matrices [n, 24, 3, 3]. Both project with the side of a crop in column
    2 of `bboxes` (cx, cy, w, h: pixels). Raises UserError for an id that is no number and for malformed arrays.
    """
    return joined([_track(path, key, track, sequence, joints, unit) for key, track in data.items()])


def _track(path: Path, key: Any, track: Mapping[str, Any], sequence: str, joints: str | None, unit: str) -> Foreign:
    said = foreign(path, track, joints, unit)
    try:
        whom = {"person": np.full(len(said), int(key)), "sequence": np.full(len(said), sequence)}
    except (TypeError, ValueError):
        raise UserError(f"{path}: track '{key}' has no number") from None
    return replace(said, names={**said.names, **whom})
