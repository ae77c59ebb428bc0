"""Fitting many people: in batches, or clip by clip, with a bar; whoever shows too few joints is left out."""

import sys
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float, Int
from rich.progress import track
from torch import Tensor

from hpe.bodies.body import Body
from hpe.errors import UserError
from hpe.fitting.chosen_joints import reliable
from hpe.fitting.first_guess import first_guess, guesses_a_person, placed
from hpe.fitting.lbfgs import LBFGS
from hpe.fitting.problem import Bodies, Seen
from hpe.fitting.smplify import Fitted, SMPLify
from hpe.fitting.temporal_smplify import TemporalSMPLify
from hpe.runs.observations import Rows
from hpe.scoring.tracks import track_order

FEWEST_JOINTS = 6
COARSE = 15  # iterations tell one heading from another


@dataclass(frozen=True)
class Said:
    """What is said of people before the fit: 24 rotations as axis-angle, and betas."""

    rotvecs: Float[Tensor, "people 72"]
    betas: Float[Tensor, "people 10"]


@dataclass(frozen=True)
class Found:
    """Who was fitted, by `rows`, and what was found of each: pose, betas, transl; `kept`; what a joint costs.

    `columns` has a row a fitted person; `before` and `after` are robust squared pixels a joint. `name` says by what.
    """

    name: str
    rows: Rows
    columns: dict[str, np.ndarray]
    everybody: int

    def __str__(self) -> str:
        """One line for the console."""
        kept, fitted = int(self.columns["kept"].sum()), len(self.rows)
        before, after = (float(np.sqrt(self.columns[name].mean())) for name in ("before", "after"))
        moved = f"{after:.1f} px" if np.isnan(before) else f"{before:.1f} px before and {after:.1f} px after"
        stay = f", {fitted - kept} of whom stay as they were" if kept < fitted else ""
        return (
            f"  fitted {fitted} of {self.everybody} people{stay}; joints are off by {moved} (robust, in crops of 224)"
        )


@dataclass(frozen=True)
class Refiner:
    """Fits people `at_once` at a time, or clip by clip where `smplify` is temporal."""

    smplify: SMPLify
    body: Body
    at_once: int

    def __call__(self, people: pd.DataFrame, seen: Seen, said: Said | None) -> Found:
        """Fit those of whom enough is seen, from where they are said to be, else from a first guess.

        `people` has columns sequence, person and frame. Raises UserError where nobody can be fitted.
        """
        groups = self._groups(people, _able(seen, said))
        columns = defaultdict(list)
        for group in track(groups, "fitting", transient=True, disable=not sys.stdout.isatty()):
            for name, values in _columns(self._fit(seen, said, torch.from_numpy(group))).items():
                columns[name].append(values.cpu().numpy())
        found = {name: np.concatenate(values) for name, values in columns.items()}
        return Found(self.smplify.name, np.concatenate(groups), found, len(people))

    def _groups(self, people: pd.DataFrame, rows: Int[np.ndarray, "able"]) -> list[Int[np.ndarray, "_"]]:
        """Rows that are fitted together."""
        if isinstance(self.smplify, TemporalSMPLify):
            order, run = track_order(people.iloc[rows])
            return np.split(rows[order], np.flatnonzero(np.diff(run)) + 1)
        return np.split(rows, range(self.at_once, len(rows), self.at_once))

    def _fit(self, everybody: Seen, said: Said | None, rows: Int[Tensor, "people"]) -> Fitted:
        seen = everybody[rows].to(self.body.faces.device)
        if said is None:
            return self._from_nothing(seen)
        rotvecs, betas = (values[rows].to(seen.joints2d) for values in (said.rotvecs, said.betas))
        return self.smplify(self.body, seen, placed(self.body, seen, rotvecs, betas))

    def _from_nothing(self, seen: Seen) -> Fitted:
        """The bodies that first guesses become; guesses of few people at once, as each is many fits."""
        coarse, goal = SMPLify(self.smplify.objective, LBFGS(COARSE)), reliable(seen)
        size = max(1, self.at_once // guesses_a_person(coarse))
        parts = [first_guess(coarse, self.body, seen[first : first + size]) for first in range(0, len(seen), size)]
        bodies = self.smplify.pose(self.body, goal, Bodies.joined(parts))
        cost = self.smplify.cost(self.body, goal, bodies)
        return Fitted(bodies, torch.ones_like(cost, dtype=torch.bool), torch.full_like(cost, torch.nan), cost)


def _able(seen: Seen, said: Said | None) -> Rows:
    """People of whom enough joints are seen, and nothing is said that is not finite."""
    able = ((reliable(seen).confidence > 0).sum(-1) >= FEWEST_JOINTS) & seen.joints2d.isfinite().all(-1).all(-1)
    if said is not None:
        able &= torch.cat([said.rotvecs, said.betas], dim=-1).isfinite().all(-1)
    if not able.any():
        raise UserError(
            f"nobody can be fitted: of no person are {FEWEST_JOINTS} joints seen that the body has, and a body said "
            "that is finite; give another data= or other predictions"
        )
    return able.nonzero()[:, 0].numpy()


def _columns(fitted: Fitted) -> dict[str, Tensor]:
    bodies = fitted.bodies
    found = {"pose": bodies.rotvecs, "betas": bodies.betas, "transl": bodies.translation}
    return found | {"kept": fitted.kept, "before": fitted.before, "after": fitted.after}
