"""The layout that EMDB's evaluation code reads: one pickle a frame, beside the data set's own folders.

After the README and the example loader of EMDB's evaluation code, which has no server: `<P>/<sequence>/hybrIK-out/
000000.pkl`, with `pred_theta_mats` (24 matrices, camera frame), `pred_shape` [1, 10] and `transl` [1, 3]. The loader
takes the sorted files as the frames of the sequence, so that every frame must be there.
"""

from pathlib import Path

import numpy as np

from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.exchange.folders import new_folder, write_pickle
from hpe.exchange.posing import rotation_matrices, translations
from hpe.files.safe_pickle import load
from hpe.scoring.predictions import Predictions

FOLDER = "hybrIK-out"
REST = np.tile(np.eye(3, dtype=np.float32), (24, 1, 1)), np.zeros(10, np.float32), np.zeros(3, np.float32)


def export_emdb(said: Predictions, store: Store, truth: Path, output: Path) -> int:
    """Write all frames of the sequences that `said` speaks of; returns how many sequences.

    `truth` is EMDB's root, whose files say how many frames a sequence has and which of them count; frames that do not
    count are the rest pose. Raises UserError where a frame that counts has no prediction.
    """
    said.check_rows(store)
    values = rotation_matrices(said).numpy(), said["betas"], translations(said, store).numpy()
    sequences = np.unique(said["sequence"])
    with new_folder(output) as folder:
        for sequence in sequences:
            subject, _, name = str(sequence).partition("_")
            rows = np.flatnonzero(said["sequence"] == sequence)
            path = truth / subject / name / f"{sequence}_data.pkl"
            own = [array[rows] for array in values]
            for frame, row in enumerate(_frames(path, said["frame"][rows]).tolist()):
                person = REST if row < 0 else tuple(array[row] for array in own)
                write_pickle(folder / subject / name / FOLDER / f"{frame:06}.pkl", _file(*person))
    return len(sequences)


def _frames(path: Path, predicted: np.ndarray) -> np.ndarray:
    """For each frame of a sequence the row of its prediction, -1 where it has none and does not count."""
    if not path.is_file():
        raise UserError(f"no file {path}: --truth is EMDB's root, with the folders P0 to P9")
    data = load(path)
    try:
        counts = np.asarray(data["good_frames_mask"], dtype=bool).reshape(int(data["n_frames"]))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{path}: not a sequence of EMDB ({error!r}); fetch it again") from None
    if predicted.min() < 0 or predicted.max() >= len(counts) or len(np.unique(predicted)) < len(predicted):
        raise UserError(f"predictions of {path.stem} name a frame twice, or one past its {len(counts)}")
    place = np.full(len(counts), -1)
    place[predicted] = np.arange(len(predicted))
    if missing := int((counts & (place < 0)).sum()):
        raise UserError(f"{missing} of {counts.sum()} frames that count in {path} have no prediction")
    return place


def _file(rotmats: np.ndarray, betas: np.ndarray, transl: np.ndarray) -> dict[str, np.ndarray]:
    return {"pred_theta_mats": rotmats.reshape(1, -1), "pred_shape": betas[None], "transl": transl[None]}
