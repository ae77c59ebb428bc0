"""Every metric of a protocol card, one row a person, from stored predictions and a data store: no network is needed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import roma
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from hpe.bodies.body import Body
from hpe.datasets.store import Store
from hpe.geometry.rotations import global_rotations
from hpe.joints import ABSENT, joint_map, joint_set
from hpe.metrics.card import ProtocolCard
from hpe.metrics.distances import distance
from hpe.metrics.pose import mpjpe
from hpe.scoring.card_joints import MeshReader
from hpe.scoring.card_rows import LABELS, check_data, scored_rows
from hpe.scoring.columns import MILLIMETRES, Scored, column
from hpe.scoring.compared import compare
from hpe.scoring.predictions import Predictions

PERSON = ["sample", "sequence", "frame", "person"]
ANGLES = {"mpjae", "pa_mpjae"}
SHARES = ("pck150", "auc150", "a_pck150", "challenge_pck50", "challenge_auc")
LENGTHS = ("mpjpe", "pa_mpjpe", "n_mpjpe", "pve", "pa_pve", "mrpe", "mpjpe_visible", "mpjpe_occluded")


def score(predictions: Predictions, store: Store, card: ProtocolCard, bodies: Mapping[str, Body]) -> pd.DataFrame:
    """The errors of all people that the card selects, in the order of the store.

    Columns: sample, sequence, frame, person; `occlusion`, the share of labelled joints that are hidden; `joints`, how
    many were compared; the card's metrics, lengths in mm; `mpjpe_visible` and `mpjpe_occluded`; the distance of each
    joint in mm as `joint_error/NAME`. NaN is undefined.
    `bodies` are by gender, "neutral" always. Raises UserError where the predictions are not about this store, and,
    naming the field, where the data or bodies cannot satisfy the card.
    """
    predictions.check_rows(store)
    check_data(card, store, bodies)
    places = scored_rows(card, store, predictions)
    rows = np.flatnonzero(places >= 0)
    found = _errors(card, store, predictions, bodies, rows, places[rows])
    people = pd.DataFrame({"sample": np.flatnonzero(places >= -1)}).merge(found, on="sample", how="left")
    for name in PERSON[1:]:
        people[name] = store[name][people["sample"]]
    return _with_failures(people, card, places[places >= -1] < 0)


def check_card(card: ProtocolCard, store: Store, bodies: Mapping[str, Body]) -> None:
    """Raise UserError, naming the field, for a card that this store and these bodies cannot satisfy.

    To be asked before hours of training: `score` says the same afterwards.
    """
    check_data(card, store, bodies)
    if card.regressor != "own":
        MeshReader(bodies["neutral"], card)


def _errors(
    card: ProtocolCard,
    store: Store,
    predictions: Predictions,
    bodies: Mapping[str, Body],
    rows: Int[np.ndarray, " people"],
    places: Int[np.ndarray, " people"],
) -> pd.DataFrame:
    """Columns of the people who have a prediction."""
    people = pd.DataFrame({"sample": rows, **{name: store[name][rows] for name in PERSON[1:]}})
    compared = compare(card, store, predictions, bodies, rows, places)
    scored = Scored(
        card=card,
        people=people,
        compared=compared,
        valid=_valid(card, store)[rows],
        turns=_turns(card, store, predictions, rows, places),
        shift=torch.from_numpy(predictions["transl"][places]) if "transl" in predictions else None,
    )
    people["occlusion"] = _occlusion(store)[rows]
    people["joints"] = scored.valid.sum(1).numpy()
    apart = MILLIMETRES * distance(*scored.pair).where(scored.valid, torch.nan).numpy()
    names = [f"joint_error/{name}" for name in joint_set(card.joint_set).names]
    for metric in card.metrics:
        people[metric] = column(metric, scored).numpy().astype(np.float32)
    return people.assign(**_by_visibility(card, store, scored, rows), **dict(zip(names, apart.T, strict=True)))


def _valid(card: ProtocolCard, store: Store) -> Bool[Tensor, "rows joints"]:
    """Which of the card's joints have a label."""
    if card.gt_model == LABELS:
        return torch.from_numpy(store["confidence3d"] > 0)[:, list(joint_map(store.joint_set, card.joint_set))]
    return torch.from_numpy(store["has_smpl"])[:, None].expand(-1, len(joint_set(card.joint_set)))


def _turns(
    card: ProtocolCard,
    store: Store,
    predictions: Predictions,
    rows: Int[np.ndarray, " people"],
    places: Int[np.ndarray, " people"],
) -> tuple[Float[Tensor, "people 24 3 3"], Float[Tensor, "people 24 3 3"]] | None:
    if not ANGLES & set(card.metrics) or "pose" not in store or "pose" not in predictions:
        return None
    poses = (predictions["pose"][places], store["pose"][rows])
    mine, theirs = (
        global_rotations(roma.rotvec_to_rotmat(torch.from_numpy(pose).unflatten(1, (24, 3)))) for pose in poses
    )
    return mine, theirs


def _occlusion(store: Store) -> Float[np.ndarray, " rows"]:
    """Share of labelled joints that are hidden; NaN where it is not known."""
    if "visible" not in store:
        return np.full(len(store), np.nan, np.float32)
    labelled = store["confidence2d"] > 0
    with np.errstate(invalid="ignore"):
        return ((labelled & ~store["visible"]).sum(1) / labelled.sum(1)).astype(np.float32)


def _by_visibility(
    card: ProtocolCard, store: Store, scored: Scored, rows: Int[np.ndarray, " people"]
) -> dict[str, np.ndarray]:
    """MPJPE of the visible and of the occluded joints; NaN for a person who has none, or where it is not known."""
    known, visible = _visibility(card, store)
    masks = {"mpjpe_visible": known & visible, "mpjpe_occluded": known & ~visible}
    return {
        name: (MILLIMETRES * mpjpe(*scored.pair, scored.valid & torch.from_numpy(mask[rows]))).numpy()
        for name, mask in masks.items()
    }


def _visibility(
    card: ProtocolCard, store: Store
) -> tuple[Bool[np.ndarray, "rows joints"], Bool[np.ndarray, "rows joints"]]:
    """Of each of the card's joints: whether it is known to be seen or hidden, and whether it is seen.

    Joints are found by their names: whether a wrist is hidden does not depend on who regresses it.
    """
    wanted, names = joint_set(card.joint_set).names, joint_set(store.joint_set).names
    order = np.array([names.index(name) if name in names else ABSENT for name in wanted])
    if "visible" not in store:
        return np.zeros((len(store), len(order)), bool), np.zeros((len(store), len(order)), bool)
    return (store["confidence2d"][:, order] > 0) & (order != ABSENT), store["visible"][:, order]


def _with_failures(people: pd.DataFrame, card: ProtocolCard, failed: Bool[np.ndarray, " people"]) -> pd.DataFrame:
    """People without a prediction get the card's error, where it is a number, and no share; else they stay NaN."""
    if isinstance(card.failed, float):
        for name in people.columns.intersection([*LENGTHS, *SHARES]):
            people.loc[failed, name] = card.failed if name in LENGTHS else 0.0
    return people
