"""The clock of the speed suites: medians of runs taken in turns, because machines are noisy."""

import statistics
import time
from collections.abc import Callable

ROUNDS = 7
Row = dict[str, float]


def medians(ours: Callable[[], object], reference: Callable[[], object]) -> Row:
    """Median seconds of both, called in turns after one call each to warm up, and their ratio."""
    spent: dict[str, list[float]] = {"ours": [], "reference": []}
    for _ in range(ROUNDS + 1):
        for name, call in (("ours", ours), ("reference", reference)):
            start = time.perf_counter()
            call()
            spent[name].append(time.perf_counter() - start)
    ours_s, reference_s = (statistics.median(values[1:]) for values in spent.values())
    return {"ours_s": ours_s, "reference_s": reference_s, "ratio": reference_s / ours_s}
