"""AGORA: who was found in a picture of many people, and errors that answer for those who were not.

Patel et al., AGORA, CVPR 2021, and the rules of its evaluation. Matching is by 2D joints, in pixels of 3840x2160.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

FEWEST_OVERLAP = 0.1


@dataclass(frozen=True)
class Matches:
    """Who is who in one picture, by index.

    `pairs` of (prediction, person), predictions that are nobody, people who were missed, and people without a valid
    label: each once, and again for every time matching came across them, as the benchmark lists them.
    """

    pairs: list[tuple[int, int]]
    false_positives: list[int]
    missed: list[int]
    ignored: list[int]


@dataclass(frozen=True)
class Detection:
    """Shares between 0 and 1, rounded to two decimals as AGORA does before it divides by `f1`."""

    precision: float
    recall: float
    f1: float


def match(
    prediction: Float[Tensor, "predictions joints 2"],
    target: Float[Tensor, "people joints 2"],
    valid: Bool[Tensor, " people"],
) -> Matches:
    """Greedy matching from the closest pair of 2D poses on, by the norm over all joints; boxes must overlap by 0.1.

    A pair whose boxes do not overlap counts as a false alarm, and matching ends once matches and false alarms are as
    many as predictions. A person without a valid label leaves the prediction free for somebody else.
    """
    near = box_overlap(prediction, target) >= FEWEST_OVERLAP
    pairs: dict[int, int] = {}
    met: list[int] = []
    alarms = 0
    for guess, person in _closest_first(prediction, target):
        taken = {*pairs.values(), *met}
        if len(taken) == len(target) or len(pairs) + alarms >= len(prediction):
            break
        if near[guess, person] and (guess in pairs or person in taken):
            continue
        alarms += not near[guess, person]
        if not valid[person]:
            met.append(person)
        elif near[guess, person]:
            pairs[guess] = person
    return _matches(pairs, met, len(prediction), valid.tolist())


def _closest_first(
    prediction: Float[Tensor, "predictions joints 2"], target: Float[Tensor, "people joints 2"]
) -> list[tuple[int, int]]:
    far = (prediction[:, None] - target[None]).flatten(2).norm(dim=-1)
    guesses, people = torch.unravel_index(far.flatten().argsort(stable=True), far.shape)
    return list(zip(guesses.tolist(), people.tolist(), strict=True))


def _matches(pairs: dict[int, int], met: list[int], predictions: int, valid: list[bool]) -> Matches:
    false_positives = [guess for guess in range(predictions) if guess not in pairs]
    missed = [person for person, counts in enumerate(valid) if counts and person not in pairs.values()]
    unlabelled = [person for person, counts in enumerate(valid) if not counts]
    return Matches(sorted(pairs.items()), false_positives, missed, sorted(met + unlabelled))


def box_overlap(
    prediction: Float[Tensor, "predictions joints 2"], target: Float[Tensor, "people joints 2"]
) -> Float[Tensor, "predictions people"]:
    """Intersection over union of the boxes around each pair's joints; a box includes its last pixel."""
    low = torch.maximum(prediction.amin(1)[:, None], target.amin(1))
    high = torch.minimum(prediction.amax(1)[:, None], target.amax(1))
    shared = (high - low + 1).clamp(min=0).prod(-1)
    areas = [(points.amax(1) - points.amin(1) + 1).prod(-1) for points in (prediction, target)]
    return shared / (areas[0][:, None] + areas[1] - shared)


def detection(people: int, missed: int, false_positives: int) -> Detection:
    """Precision, recall and F1 = TP / (TP + (FP + FN) / 2); 0, by the benchmark's rule, where nothing was to find."""
    found = people - missed

    def share(of: int | float) -> float:
        return round(found / of, 2) if of else 0.0

    return Detection(share(found + false_positives), share(people), share(found + (false_positives + missed) / 2))


def normalised(error_mm: float, f1: float) -> float:
    """NMJE or NMVE in mm: the mean error of those found over F1, both rounded to 0.1 mm; NaN where nobody was found."""
    return round(round(error_mm, 1) / f1, 1) if f1 else float("nan")
