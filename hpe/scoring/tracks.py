"""People over time: which frames follow each other, so that differences in time never reach across a gap or a seam."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float, Int
from torch import Tensor

Differences = Callable[..., Float[Tensor, " steps"]]


def track_order(people: pd.DataFrame) -> tuple[Int[np.ndarray, " people"], Int[np.ndarray, " people"]]:
    """The order by sequence, person and frame, and in that order the number of each person's run.

    A run is a part of one track whose frames are equally spaced: by the track's own smallest step. `people` has
    columns sequence, person and frame.
    """
    ordered = people.reset_index(drop=True).sort_values(["sequence", "person", "frame"], kind="stable")
    steps = ordered.groupby(["sequence", "person"])["frame"].diff()
    smallest = steps.groupby([ordered["sequence"], ordered["person"]]).transform("min")
    starts = steps.isna() | (steps != smallest)
    return ordered.index.to_numpy(copy=True), starts.cumsum().to_numpy(copy=True)


def along_tracks(
    people: pd.DataFrame, span: int, seams: bool, differences: Callable[[Int[Tensor, " people"]], Tensor]
) -> Float[Tensor, " people"]:
    """`differences` of all people in the order of their tracks, each put down at the second of its `span` frames.

    `differences` is given that order and returns people - span + 1 values. Those that reach across the end of a run
    are NaN, unless `seams` lets them.
    """
    order, run = track_order(people)
    values = torch.full((len(people),), torch.nan, dtype=torch.float32)
    if len(people) < span:
        return values
    found = differences(torch.from_numpy(order)).float()
    whole = torch.from_numpy(run[: len(run) - span + 1] == run[span - 1 :])
    values[torch.from_numpy(order[1 : len(found) + 1])] = found.where(whole | seams, torch.nan)
    return values
