"""Which of SMPL's 24 parts each face of a mesh shows: the labels of part segmentation, 0 for the pelvis to 23."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from hpe.errors import UserError
from hpe.files.safe_pickle import load
from hpe.joints import joint_set

FILE_NAME = "smpl_partSegmentation_mapping.pkl"
KEY = "smpl_index"
PARTS = len(joint_set("smpl_24"))


def parts_by_skinning(weights: Float[Tensor, "vertices 24"], faces: Int[Tensor, "faces 3"]) -> Int[Tensor, " faces"]:
    """The joint that moves each face most: the largest of the skinning weights summed over its corners."""
    return weights[faces].sum(1).argmax(-1)


def parts_by_vertex(parts: Int[np.ndarray, " vertices"], faces: Int[Tensor, "faces 3"]) -> Int[Tensor, " faces"]:
    """The lowest part of each face's corners, as PARE (Kocabas et al., ICCV 2021) labels faces."""
    return torch.from_numpy(parts.astype(np.int64))[faces].amin(-1)


def read_vertex_parts(path: Path, vertices: int) -> Int[np.ndarray, " vertices"]:
    """The part of each vertex out of the mapping file that goes with SMPL; nothing in it is executed.

    Raises UserError where the file is something else, or made for another mesh.
    """
    entries = load(path)
    value = entries.get(KEY) if isinstance(entries, dict) else None
    # A list may hold anything, and of some things there is no array.
    parts = np.array([one if isinstance(one, int) else -1 for one in value]) if isinstance(value, list) else value
    if not isinstance(parts, np.ndarray) or parts.shape != (vertices,) or not _are_parts(parts):
        raise UserError(
            f"{path}: '{KEY}' should be {vertices} numbers of parts from 0 to {PARTS - 1}; fetch the file again, or "
            "take it away to label faces by their skinning weights"
        )
    return parts


def _are_parts(values: np.ndarray) -> bool:
    return values.dtype.kind in "iu" and bool(((values >= 0) & (values < PARTS)).all())
