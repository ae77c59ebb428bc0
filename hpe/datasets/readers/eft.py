"""SMPL fitted to 2D labels by EFT (Joo et al., 3DV 2021): one JSON file a data set, neutral bodies, camera frame."""

from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
import roma
import torch
from jaxtyping import Int

from hpe.datasets.readers.reader import Columns
from hpe.files.json_file import read_json
from hpe.files.json_records import Records

KEYS = frozenset({"data", "parm_pose", "parm_shape", "bbox_scale", "bbox_center", "imageName", "annotId"})
# A fit lies where its person does: centres of boxes may differ by this share of the crop's side.
NEAR = 0.05
NOT_A_ROTATION = 1e-3


def read_fits(path: Path) -> Records:
    """The fits of a file. Raises UserError where it is missing or not such a file."""
    return Records.of(path, read_json(path, keys=KEYS), "data")


def body_columns(fits: Records) -> Columns:
    """Their bodies: `parm_pose` holds 24 rotation matrices, the first of them from body to camera frame.

    Raises UserError naming file, fit and key of a matrix that is no rotation and of whatever is missing.
    """
    rotmats = torch.from_numpy(fits.numbers("parm_pose", 24, 3, 3))
    bad = (rotmats @ rotmats.mT - torch.eye(3)).abs().amax((1, 2, 3)) > NOT_A_ROTATION
    bad |= (torch.linalg.det(rotmats) < 0).any(1)
    if bad.any():
        raise fits.fault(int(bad.int().argmax()), "parm_pose", "holds a matrix that is no rotation")
    return {
        "pose": roma.rotmat_to_rotvec(rotmats).flatten(1).numpy(),
        "betas": fits.numbers("parm_shape", 10),
        "has_smpl": np.full(len(fits), True),
        "gender": np.zeros(len(fits), dtype=int),
    }


def by_annotation(fits: Records, people: Columns) -> Int[np.ndarray, " fits"]:
    """For each fit the row of the person whose number is its `annotId`, -1 where there is none."""
    return pd.Index(people["person"]).get_indexer(pd.Index(fits.unique("annotId"))).astype(np.int64)


def by_place(fits: Records, people: Columns) -> Int[np.ndarray, " fits"]:
    """For each fit the row of the person in its picture at its place, -1 where there is none.

    The two are each other's nearest in the picture, by the centres of the fit's box and the person's, and no farther
    apart than `NEAR` of the former's side. Pictures are known by name without folder and ending.
    """
    side = pd.Series(200 * fits.numbers("bbox_scale"), name="side")
    found = pd.DataFrame({"picture": stems(fits.texts("imageName")), "fit": side.index, "side": side})
    there = pd.DataFrame({"picture": stems(people["image"]), "row": np.arange(len(people["image"]))})
    pairs = found.merge(there, on="picture")
    centres = people["box"][:, :2] + people["box"][:, 2:] / 2
    apart = fits.numbers("bbox_center", 2)[pairs["fit"]] - centres[pairs["row"]]
    pairs["apart"] = np.linalg.norm(apart, axis=1)
    pairs = pairs[pairs["apart"] <= NEAR * pairs["side"]].sort_values("apart", kind="stable")
    nearest = ~pairs.duplicated("fit") & ~pairs.duplicated("row")
    rows = np.full(len(fits), -1)
    rows[pairs["fit"][nearest]] = pairs["row"][nearest]
    return rows


def stems(names: np.ndarray) -> list[str]:
    """Names of files without folder and ending."""
    return [PurePosixPath(name).stem for name in names.tolist()]
