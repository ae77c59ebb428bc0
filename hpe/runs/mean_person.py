"""The baseline of every table: the training set's mean pose and shape, said of everybody."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import roma
import torch

from hpe.datasets.sources import Source
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.types import HeadOutput


def mean_person(stores: Sequence[Store]) -> HeadOutput:
    """One person [1 ...] with the mean betas and, for each joint, the rotation nearest to the mean of all.

    That is the chordal L2 mean (Hartley et al., Rotation Averaging, IJCV 2013). Raises UserError where no sample
    has a body.
    """
    labelled = [store for store in stores if "pose" in store and store["has_smpl"].any()]
    if not labelled:
        raise UserError("no training sample has SMPL pose and shape, which the mean-pose baseline is made of")
    poses, betas = (
        torch.from_numpy(np.concatenate([store[name][store["has_smpl"]] for store in labelled]))
        for name in ("pose", "betas")
    )
    rotmats = roma.rotvec_to_rotmat(poses.unflatten(-1, (24, 3)).double()).mean(0)
    camera = torch.tensor([[1.0, 0.0, 0.0]])
    return HeadOutput(roma.special_procrustes(rotmats).float()[None], betas.mean(0, keepdim=True), camera)


def known_person(sources: Sequence[Source]) -> HeadOutput | None:
    """The mean person of those training splits that are at hand and have bodies; None where there is none."""
    here = [one for one in sources if "train" in one.splits and (Path(one.root).expanduser() / "train.h5").is_file()]
    stores = [store for source in here if (store := source.open("train")) and "pose" in store]
    return mean_person(stores) if any(store["has_smpl"].any() for store in stores) else None
