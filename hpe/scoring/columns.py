"""The metrics that a protocol card may name, each a column of one number a person in the unit that is printed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.joints import joint_group
from hpe.metrics.card import ProtocolCard
from hpe.metrics.groups import MPI_INF
from hpe.metrics.orientation import mpjae, pa_mpjae
from hpe.metrics.pose import mpjpe, pa_mpjpe
from hpe.metrics.scale import n_mpjpe
from hpe.metrics.temporal import accel_error_m_per_frame2, accel_m_per_frame2, jitter_m_per_s3
from hpe.metrics.thresholds import auc, challenge_auc, pck
from hpe.scoring.card_rows import LABELS, CardFault
from hpe.scoring.compared import Compared
from hpe.scoring.tracks import along_tracks

MILLIMETRES, PER_CENT = 1000.0, 100.0
CHUNK = 4096
LIMBS = list(joint_group("pw3d_challenge_pck_joints"))
GROUPED = [joint for joints in MPI_INF.values() for joint in joints]

Column = Float[Tensor, " people"]


@dataclass(frozen=True)
class Scored:
    """All that metrics are made of; joints are around the card's root. `valid` marks the labelled ones.

    `turns` are global rotations of prediction and ground truth, and `shift` moves the prediction into the camera's
    frame; None where the prediction has no such thing.
    """

    card: ProtocolCard
    people: pd.DataFrame
    compared: Compared
    valid: Bool[Tensor, "people joints"]
    turns: tuple[Float[Tensor, "people 24 3 3"], Float[Tensor, "people 24 3 3"]] | None
    shift: Float[Tensor, "people 3"] | None

    def __len__(self) -> int:
        return len(self.people)

    def __getitem__(self, rows: slice) -> "Scored":
        turns = self.turns and (self.turns[0][rows], self.turns[1][rows])
        shift = None if self.shift is None else self.shift[rows]
        return Scored(self.card, self.people.iloc[rows], self.compared[rows], self.valid[rows], turns, shift)

    @cached_property
    def pair(self) -> tuple[Float[Tensor, "people joints 3"], Float[Tensor, "people joints 3"]]:
        """Prediction and ground truth around their roots."""
        both = self.compared
        return both.joints - both.root[:, None], both.true_joints - both.true_root[:, None]

    @property
    def undefined(self) -> Column:
        """The column of a metric that the prediction has not got the parts for."""
        return torch.full((len(self.people),), torch.nan)

    def chosen(self, joints: list[int]) -> tuple[Tensor, Tensor, Tensor]:
        """Prediction, ground truth and validity of some joints."""
        return self.pair[0][:, joints], self.pair[1][:, joints], self.valid[:, joints]

    def counted(self) -> tuple[Tensor, Tensor, Tensor]:
        """Those whose share is counted: all, or the 14 of the groups of MPI-INF and MuPoTS."""
        grouped = self.card.reduction == "group" or self.card.joint_set == "mupots_17"
        return self.chosen(GROUPED if grouped else list(range(self.valid.shape[1])))


def _angles(scored: Scored) -> Column:
    return scored.undefined if scored.turns is None else mpjae(*scored.turns)


def _aligned_angles(scored: Scored) -> Column:
    return scored.undefined if scored.turns is None else pa_mpjae(*scored.turns, *scored.pair)


def _absolute(scored: Scored) -> tuple[Tensor, Tensor, Tensor] | None:
    """The counted joints in the camera's frame, where both sides have it."""
    if scored.card.gt_model != LABELS:
        raise CardFault(
            scored.card, "metrics", "absolute positions are compared with labelled joints (gt_model joints)"
        )
    if scored.shift is None:
        return None
    mine, theirs, valid = scored.counted()
    both = scored.compared
    return mine + (both.root + scored.shift)[:, None], theirs + both.true_root[:, None], valid


def _absolute_pck(scored: Scored) -> Column:
    absolute = _absolute(scored)
    return scored.undefined if absolute is None else PER_CENT * pck(*absolute)


def _root_error(scored: Scored) -> Column:
    if _absolute(scored) is None or scored.shift is None:
        return scored.undefined
    both = scored.compared
    return MILLIMETRES * (both.root + scored.shift - both.true_root).norm(dim=-1)


def _acceleration(scored: Scored, error: bool) -> Column:
    mine, theirs = scored.pair

    def differences(order: Tensor) -> Column:
        valid = scored.valid[order]
        if error:
            return accel_error_m_per_frame2(mine[order], theirs[order], valid)
        return accel_m_per_frame2(mine[order], valid)

    unit = MILLIMETRES if scored.card.units.endswith("mm/frame^2") else _rate(scored) ** 2
    return unit * along_tracks(scored.people, 3, scored.card.seams, differences)


def _jitter(scored: Scored) -> Column:
    if scored.shift is None:
        return scored.undefined
    where, rate = scored.compared.joints + scored.shift[:, None], _rate(scored)
    return along_tracks(scored.people, 4, scored.card.seams, lambda order: jitter_m_per_s3(where[order], rate))


def _rate(scored: Scored) -> float:
    if scored.card.frame_rate is None:
        raise CardFault(scored.card, "frame_rate", "accelerations per second need one")
    return scored.card.frame_rate


COLUMNS: dict[str, Callable[[Scored], Column]] = {
    "mpjpe": lambda scored: MILLIMETRES * mpjpe(*scored.pair, scored.valid),
    "pa_mpjpe": lambda scored: MILLIMETRES * pa_mpjpe(*scored.pair, scored.valid),
    "n_mpjpe": lambda scored: MILLIMETRES * n_mpjpe(*scored.pair, scored.valid),
    "pve": lambda scored: MILLIMETRES * scored.compared.pve,
    "pa_pve": lambda scored: MILLIMETRES * scored.compared.pa_pve,
    "mpjae": _angles,
    "pa_mpjae": _aligned_angles,
    "mrpe": _root_error,
    "pck150": lambda scored: PER_CENT * pck(*scored.counted()),
    "auc150": lambda scored: PER_CENT * auc(*scored.counted()),
    "a_pck150": _absolute_pck,
    "challenge_pck50": lambda scored: PER_CENT * pck(*scored.chosen(LIMBS), threshold=0.05, inclusive=True),
    "challenge_auc": lambda scored: challenge_auc(*scored.chosen(LIMBS)),
    "accel": lambda scored: _acceleration(scored, error=False),
    "accel_error": lambda scored: _acceleration(scored, error=True),
    "jitter": _jitter,
}


OVER_TIME = ("accel", "accel_error", "jitter")


def column(metric: str, scored: Scored) -> Column:
    """One metric of every person; NaN where it is undefined. Raises UserError for one that stores cannot give."""
    if metric not in COLUMNS:
        raise CardFault(scored.card, "metrics", f"{metric} needs tracks in the world's frame, which no store keeps")
    if metric in OVER_TIME:
        return COLUMNS[metric](scored)
    # Some at a time, because alignments keep several copies in double precision.
    return torch.cat([COLUMNS[metric](scored[start : start + CHUNK]) for start in range(0, len(scored), CHUNK)])
