"""The joints of VIBE's databases as `spin_49`, each in the slot that SPIN has for it.

VIBE gives the head top that motion capture measures the slot of LSP's annotated one, and the head at the height of the
nose the slot of the head top; SPIN has slots of their own for them. So files of the two cannot be mixed as they are.
"""

import numpy as np
from jaxtyping import Float

from hpe.datasets.readers.exchanged import labelled
from hpe.datasets.readers.reader import Columns
from hpe.files.entries import Entries
from hpe.joints import ABSENT, joint_map, joint_set

# The joints that motion capture has, by content.
CAPTURED = {"mpii3d": "mpi_inf_28", "h36m": "h36m_17"}
LABELLED = 25  # where the labelled joints begin in spin_49, behind OpenPose's
SLOTS = joint_set("spin_49")


def joints2d(file: Entries, count: int, content: str) -> Columns:
    """Joint columns of joints2D, 14 as `lsp_14` or 49, pixels and confidence."""
    if "joints2D" not in file.entries:
        return {}
    found = file.array("joints2D", count, None, 3)
    places = LABELLED + np.arange(14) if found.shape[1] == 14 else _places(content)
    return labelled(_placed(file, "joints2D", found, places), 2)


def joints3d(file: Entries, count: int, content: str) -> Columns:
    """Joint columns of joints3D, 14 as `j14` or 49, metres; which there are depends on `content`."""
    if "joints3D" not in file.entries:
        return {}
    found = file.array("joints3D", count, None, 3)
    places = np.array(joint_map("spin_49", "j14")) if found.shape[1] == 14 else _places(content)
    points = _placed(file, "joints3D", found, places)
    if content == "3dpw":
        points = points - points[:, SLOTS.index("right_hip", "left_hip")].mean(1, keepdims=True)
    there = np.isin(np.arange(len(SLOTS)), places if found.shape[1] == 14 else _captured(content))
    confidence = np.broadcast_to(there[:, None], (count, len(SLOTS), 1))
    return labelled(np.concatenate([points, confidence], axis=-1), 3)


def _placed(
    file: Entries, key: str, found: Float[np.ndarray, "frames joints numbers"], places: np.ndarray
) -> Float[np.ndarray, "frames 49 numbers"]:
    """Joints in their slots, 0 in the others."""
    if found.shape[1] != len(places):
        words = f"has {found.shape[1]} joints, expected 14 or {len(places)}"
        raise file.fault(key, words, "take another file, or another content=")
    points = np.zeros((len(found), len(SLOTS), found.shape[2]))
    points[:, places] = found
    return points


def _places(content: str) -> np.ndarray:
    """Where each of VIBE's 49 joints goes: the two heads to SPIN's slots, the empty slot to the one left free."""
    places = np.arange(len(SLOTS))
    if content in CAPTURED:
        head_top, nose_level, empty = SLOTS.index("headtop", "head", "jaw")
        places[[head_top, nose_level, empty]] = nose_level, empty, head_top
    return places


def _captured(content: str) -> np.ndarray:
    """The slots that a data set fills: all where they come from SMPL."""
    if content not in CAPTURED:
        return np.arange(len(SLOTS))
    return LABELLED + np.flatnonzero(np.array(joint_map(CAPTURED[content], "spin_j24")) != ABSENT)
