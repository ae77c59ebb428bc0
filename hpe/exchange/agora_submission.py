"""The layout of AGORA's evaluation server for SMPL: one pickle a person with parameters and joints in pixels.

After docs/prediction_format.md of AGORA's evaluation code: `<picture>_personId_<k>.pkl` holds `joints` [24, 2], in
pixels of the picture at 3840 x 2160, and `params` of neutral SMPL, from which the server makes joints and vertices.
"""

from pathlib import Path

import numpy as np
import torch

from hpe.bodies.body import Body
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.exchange.folders import new_folder, write_pickle
from hpe.exchange.posing import posed_joints, translations
from hpe.geometry.cameras import project
from hpe.scoring.predictions import Predictions

SIZE = np.array([3840, 2160])
SMALL = "_1280x720"


def export_agora(said: Predictions, store: Store, body: Body, output: Path) -> int:
    """Write the predictions of `store`'s people as files for the server; returns how many.

    Raises UserError for another store, for a body other than SMPL, and for pictures that are not 16 to 9.
    """
    said.check_rows(store)
    if said.body != "smpl":
        raise UserError(f"AGORA's server poses SMPL, and these predictions are of body {said.body}")
    shift = translations(said, store)
    joints = _pixels(said, store, body, shift)
    pictures = [Path(name).stem.removesuffix(SMALL) for name in store["image"][said["sample"]]]
    seen: dict[str, int] = {}
    with new_folder(output) as folder:
        for row, picture in enumerate(pictures):
            number = seen[picture] = seen.get(picture, -1) + 1
            params = {
                "transl": shift[row].numpy()[None],
                "betas": said["betas"][row][None],
                "global_orient": said["pose"][row, :3].reshape(1, 1, 3),
                "body_pose": said["pose"][row, 3:].reshape(1, 23, 3),
            }
            path = folder / f"{picture}_personId_{number}.pkl"
            write_pickle(path, {"joints": joints[row], "pose2rot": True, "params": params})
    return len(said)


def _pixels(said: Predictions, store: Store, body: Body, shift: torch.Tensor) -> np.ndarray:
    """Projected joints [N, 24, 2] in pixels at AGORA's full size."""
    rows = said["sample"]
    if "focal_length" not in store:
        raise UserError(f"{store.path} has no column 'focal_length': joints cannot be projected")
    focal, centre = (torch.from_numpy(store[name][rows]) for name in ("focal_length", "principal_point"))
    factor = SIZE / store["image_size"][rows]
    if not np.allclose(factor[:, 0], factor[:, 1]):
        raise UserError(f"{store.path}: pictures are not 16 to 9, as AGORA's are")
    return (project(posed_joints(said, body), shift, focal, centre).numpy() * factor[:, None]).astype(np.float32)
