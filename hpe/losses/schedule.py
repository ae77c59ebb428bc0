"""Weights of loss terms that change in the course of training."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hpe.errors import UserError


class Progress(NamedTuple):
    """How far a training has come: optimiser steps and epochs that lie behind it, also when it was resumed."""

    step: int = 0
    epoch: int = 0


@dataclass(frozen=True)
class Milestones:
    """A weight that is the first of `values`, from the first milestone on the second, and so on.

    `milestones` are steps or epochs of training, by `unit`. Raises UserError where they do not rise, or where there is
    not one value more.
    """

    values: Sequence[float]
    milestones: Sequence[int]
    unit: Literal["step", "epoch"] = "step"

    def __post_init__(self) -> None:
        if len(self.values) != len(self.milestones) + 1 or list(self.milestones) != sorted(set(self.milestones)):
            raise UserError(
                f"weights {list(self.values)} cannot change at {list(self.milestones)}: "
                "give rising milestones and one value more than milestones"
            )

    def at(self, progress: Progress) -> float:
        """The weight then."""
        return self.values[bisect_right(self.milestones, getattr(progress, self.unit))]
