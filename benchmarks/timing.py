"""The clock of the speed suites: medians of runs taken in turns, because machines are noisy."""

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 7
Row = dict[str, float]


def median_seconds(
    calls: Mapping[str, Callable[[], object]],
    clock: Callable[[], float] = time.perf_counter,
    rounds: int = ROUNDS,
) -> dict[str, float]:
    """Median seconds of each, called in turns after one call each to warm up."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds + 1):
        for name, call in calls.items():
            start = clock()
            call()
            spent[name].append(clock() - start)
    return {name: statistics.median(values[1:]) for name, values in spent.items()}


def medians(ours: Callable[[], object], reference: Callable[[], object], rounds: int = ROUNDS) -> Row:
    """Median seconds of both, called in turns, and their ratio."""
    spent = median_seconds({"ours": ours, "reference": reference}, rounds=rounds)
    return {
        "ours_s": spent["ours"],
        "reference_s": spent["reference"],
        "ratio": spent["reference"] / spent["ours"],
    }
