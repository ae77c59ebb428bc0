"""Predictions before and after a fit to 2D joints."""

from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float

from hpe.bodies.body import Body
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.files.hashes import file_hash
from hpe.fitting.problem import Seen
from hpe.geometry.crops import square_crop
from hpe.runs.evaluation import IDENTITY
from hpe.runs.observations import RESOLUTION, Rows, Sight
from hpe.runs.refinement import Found, Said
from hpe.scoring.predictions import Predictions

MARGIN = 1.2  # of a crop around a box, where predictions have none of their own
BODY = ("pose", "betas")


def as_said(predictions: Predictions, body: Body) -> Said:
    """The bodies of predictions. Raises UserError where there are none, or of another body than `body`."""
    if "pose" not in predictions:
        raise UserError(f"predictions of {predictions.model} have joints but no bodies, which alone can be fitted")
    if predictions.body != body.name:
        raise UserError(f"predictions of {predictions.model} are of body {predictions.body}, not {body.name}")
    return Said(*(torch.from_numpy(predictions[name]) for name in BODY))


def crops_of(said: Predictions | None, store: Store, rows: Rows) -> Float[np.ndarray, "people 3"]:
    """The crops in which people were predicted; where that is not known, around their boxes."""
    if said is not None and "crop" in said:
        return said["crop"]
    return square_crop(store["box"][rows], MARGIN).astype(np.float32)


def fitted_predictions(said: Predictions | None, sight: Sight, found: Found, body: str) -> Predictions:
    """Predictions of the people of `sight` after the fit.

    Those who were not fitted keep the body that was said, with a camera of NaN; of whom nothing was said, they are
    left away. So are joints and uncertainties, which would no longer be those of the bodies, and translations where
    the camera is not the picture's.
    """
    columns = {name: found.columns[name] for name in (*BODY, *["transl"] * sight.calibrated)}
    columns["camera"] = crop_cameras(sight.seen[torch.from_numpy(found.rows)], found.columns["transl"])
    if said is None:
        return _anew(sight, found, columns, body)
    stays = {name: said[name] for name in BODY}
    columns = {name: _put(stays.get(name), values, found.rows, len(said)) for name, values in columns.items()}
    known = {name: said[name] for name in ("sample", *IDENTITY)} | {"crop": sight.crops}
    return replace(said, columns=known | columns, model=f"{said.model}, {found.name}")


def _anew(sight: Sight, found: Found, columns: dict[str, np.ndarray], body: str) -> Predictions:
    """Predictions of those who were fitted."""
    store, rows = sight.store, sight.rows[found.rows]
    known = {"sample": rows, "crop": sight.crops[found.rows]} | {name: store[name][rows] for name in IDENTITY}
    hashed = file_hash(store.path)
    return Predictions(store.name, store.split, body, store.joint_set, found.name, known | columns, data_hash=hashed)


def _put(stays: np.ndarray | None, values: np.ndarray, rows: Rows, people: int) -> np.ndarray:
    """One column of all people: `values` in `rows`, elsewhere what stays, or NaN."""
    column = np.full((people, values.shape[1]), np.nan, np.float32) if stays is None else stays.astype(np.float32)
    column[rows] = values
    return column


def crop_cameras(seen: Seen, transl: Float[np.ndarray, "people 3"]) -> Float[np.ndarray, "people 3"]:
    """Crop cameras (s, tx, ty) that put bodies where `transl` does, wherever the crop lies in the picture."""
    depth, focal = transl[:, 2:], seen.focal_length.numpy()[:, None]
    aside = (seen.centre.numpy() - RESOLUTION / 2) * depth / focal
    return np.concatenate([2 * focal / (RESOLUTION * depth), transl[:, :2] + aside], axis=1).astype(np.float32)
